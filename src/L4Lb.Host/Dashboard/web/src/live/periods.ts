import type { Backend, Happened } from "../api/types";
import type { Tone } from "../ui/mark";

/** A time in which a backend's health was the same. */
export interface Period {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  tone: Tone;
  word: string;
  why: string;
}

// What each health message of the log (docs/operations/log.md) begins.
const STATES: Record<number, { tone: Tone; word: string }> = {
  600: { tone: "bad", word: "down" },
  601: { tone: "ok", word: "up" },
  602: { tone: "warn", word: "ejected" },
  603: { tone: "ok", word: "up" },
  604: { tone: "note", word: "maintenance" },
  607: { tone: "off", word: "unchecked" },
};

const NOW: Record<Backend["health"], { tone: Tone; word: string }> = {
  up: { tone: "ok", word: "up" },
  down: { tone: "bad", word: "down" },
  ejected: { tone: "warn", word: "ejected" },
  maintenance: { tone: "note", word: "maintenance" },
  unchecked: { tone: "off", word: "unchecked" },
};

/** The history of a backend's health, oldest first: from the messages about it, and from what is so now. */
export function periods(events: readonly Happened[], backend: Backend, started: string, now: number): Period[] {
  const changes = events.filter((event) => STATES[event.code] !== undefined).sort((a, b) => a.id - b.id);
  const begun = changes.map((event) => ({ from: Date.parse(event.time), ...STATES[event.code]!, why: event.about["reason"] ?? "" }));
  const current = { ...NOW[backend.health], why: backend.healthReason ?? "" };
  const first = Date.parse(started);
  if (begun.length === 0) return [{ from: first, to: now, ...current }];
  // Before the first message it was found well, or nobody had looked.
  const found = begun[0]!.word === "up" ? { tone: "off" as const, word: "before", why: "" } : { ...STATES[601]!, why: "" };
  const all = begun[0]!.from - first > 1000 ? [{ from: first, ...found }, ...begun] : begun;
  return all.map((period, i) => ({ ...period, to: all[i + 1]?.from ?? now }));
}
