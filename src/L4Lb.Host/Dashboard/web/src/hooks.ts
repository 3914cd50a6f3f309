import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Live } from "./live/live";
import { type Route, readRoute } from "./routes";

/** Renders again when something was told. */
export function useLive(live: Live): void {
  const [, render] = useReducer((turn: number, _: void) => turn + 1, 0);
  useEffect(() => live.subscribe(() => render()), [live]);
}

/** Where one is, by the address. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const move = (): void => setRoute(readRoute(location.hash));
    addEventListener("hashchange", move);
    return () => removeEventListener("hashchange", move);
  }, []);
  return route;
}

/** What is asked for again and again while a page shows it. */
export interface Polled<T> {
  /** The last answer, which stays while the next one fails. */
  data: T | null;
  error: unknown;
  /** Asks now, as after a change. */
  again: () => void;
}

/** Asks now, and each time so many milliseconds after an answer; what was asked with other `inputs` is forgotten. */
export function usePolled<T>(ask: (signal: AbortSignal) => Promise<T>, every: number, inputs: readonly unknown[]): Polled<T> {
  const [answer, setAnswer] = useState<{ data: T | null; error: unknown }>({ data: null, error: null });
  const again = useRef<() => void>(() => undefined);
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let turn = 0;
    const next = async (): Promise<void> => {
      const mine = ++turn;
      clearTimeout(timer);
      try {
        const data = await ask(ending.signal);
        if (mine === turn && !ending.signal.aborted) setAnswer({ data, error: null });
      } catch (error) {
        if (mine === turn && !ending.signal.aborted) setAnswer((last) => ({ data: last.data, error }));
      }
      if (mine === turn && !ending.signal.aborted) timer = setTimeout(() => void next(), every);
    };
    again.current = () => void next();
    setAnswer({ data: null, error: null });
    void next();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, inputs);
  return { ...answer, again: () => again.current() };
}

/** A text that follows another when that has rested: not every letter is a request. */
export function useRested(text: string, ms = 300): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return rested;
}
