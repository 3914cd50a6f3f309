import type { ComponentChildren } from "preact";

/** How good something is; each has a colour, a shape and a word. */
export type Tone = "ok" | "warn" | "bad" | "note" | "off";

const SHAPES: Record<Tone, string> = { ok: "●", warn: "▲", bad: "■", note: "◆", off: "○" };

/** A state in a word, with its colour and shape. */
export function Mark({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`mark ${tone}`}><span class="shape" aria-hidden="true">{SHAPES[tone]}</span>{children}</span>;
}
