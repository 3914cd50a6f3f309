import type { ComponentChildren } from "preact";
import { inWords } from "../api/problem";

/** The head of a page. */
export function PageHead({ title, about, children }: { title: string; about?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {about !== undefined && <p class="about">{about}</p>}
      </div>
      {children !== undefined && <div class="page-acts">{children}</div>}
    </header>
  );
}

/** A part of a page with a heading. */
export function Panel({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="panel">
      <div class="panel-head"><h2>{title}</h2>{aside !== undefined && <div class="aside">{aside}</div>}</div>
      {children}
    </section>
  );
}

/** A figure with its name, and a word beside it. */
export function Tile({ name, value, more, tone }: { name: string; value: string; more?: ComponentChildren; tone?: "warn" | "bad" }) {
  return (
    <div class={`tile ${tone ?? ""}`}>
      <dt>{name}</dt>
      <dd><span class="tile-value">{value}</span>{more !== undefined && <span class="tile-more">{more}</span>}</dd>
    </div>
  );
}

/** Nothing was told yet. */
export const Loading = ({ what }: { what: string }) => <p class="empty" role="status">Loading {what}…</p>;

/** Something could not be had; what was known before stays below it. */
export function Failure({ what, error, again }: { what: string; error: unknown; again: () => void }) {
  return (
    <div class="failure" role="alert">
      <p><strong>{what} could not be loaded:</strong> {inWords(error)}</p>
      <button type="button" onClick={again}>Try again</button>
    </div>
  );
}

/** A field that narrows a list down. */
export function Search({ label, value, placeholder, set }: { label: string; value: string; placeholder?: string; set: (text: string) => void }) {
  return (
    <label class="search">
      <span>{label}</span>
      <input type="search" value={value} placeholder={placeholder ?? ""} autocomplete="off" spellcheck={false} onInput={(e) => set(e.currentTarget.value)} />
    </label>
  );
}

/** A list of which one thing is chosen. */
export function Choice({ label, value, options, set }: { label: string; value: string; options: readonly (readonly [value: string, text: string])[]; set: (value: string) => void }) {
  return (
    <label class="search">
      <span>{label}</span>
      <select value={value} onChange={(e) => set(e.currentTarget.value)}>
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    </label>
  );
}
