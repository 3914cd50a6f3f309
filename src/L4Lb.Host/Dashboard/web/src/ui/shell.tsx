import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useRefusal } from "../access";
import { reload } from "../actions";
import { link } from "../routes";
import { readTheme, setTheme, type Theme } from "../theme";
import { Action } from "./action";

const PAGES = [
  ["", "Overview", link.overview()],
  ["services", "Services", link.services()],
  ["backends", "Backends", link.backends()],
  ["sessions", "Sessions", link.sessions()],
  ["flows", "Flows", link.flows()],
  ["affinity", "Affinity", link.affinity()],
  ["addresses", "Addresses", link.addresses()],
  ["events", "Events", link.events()],
] as const;

const THEMES: readonly (readonly [Theme, string])[] = [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]];

interface ShellProps {
  /** First word of the path. */
  page: string;
  banner: ComponentChildren;
  /** Ends the use of the token; null where none is needed. */
  signOut: (() => void) | null;
  children: ComponentChildren;
}

/** What is around every page. */
export function Shell({ page, banner, signOut, children }: ShellProps) {
  const refusal = useRefusal();
  const pages = useRef<HTMLElement>(null);
  useEffect(() => showCurrent(pages.current), [page]);
  return (
    <div class="shell">
      <a class="skip" href="#content" onClick={skip}>Skip to content</a>
      <header class="top">
        <div class="who"><a class="brand" href={link.overview()} aria-label="L4Lb, overview">L4Lb</a><span class="host figures">{location.host}</span></div>
        <div class="tools">
          {refusal !== null && <span id="looking-only" class="looking">{refusal}</span>}
          <Action label="Reload the configuration" run={() => void reload()}>Reload</Action>
          <ThemeChoice />
          {signOut !== null && <button type="button" onClick={signOut}>Sign out</button>}
        </div>
      </header>
      <nav class="pages" aria-label="Pages" ref={pages}>
        <ul>
          {PAGES.map(([name, title, href]) => (
            <li key={name}><a href={href} {...(page === name ? { "aria-current": "page" as const } : {})}>{title}</a></li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        {banner}
        {children}
      </main>
    </div>
  );
}

/** The address after the `#` is the page's, so the browser cannot jump by itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** On a narrow screen the pages are one line that scrolls; its own scrollIntoView would move the page too. */
function showCurrent(pages: HTMLElement | null): void {
  const current = pages?.querySelector<HTMLElement>("[aria-current]");
  if (pages && current) pages.scrollLeft = current.offsetLeft - pages.offsetLeft - (pages.clientWidth - current.offsetWidth) / 2;
}

function ThemeChoice() {
  const [theme, choose] = useState(readTheme);
  return (
    <label class="theme">
      <span class="unseen">Theme</span>
      <select
        value={theme}
        onChange={(e) => {
          const next = e.currentTarget.value as Theme;
          setTheme(next);
          choose(next);
        }}
      >
        {THEMES.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  );
}
