import { api, send } from "../api/client";
import { inWords, Problem } from "../api/problem";
import { MessageReader } from "../api/sse";
import { seen, whenUnseen } from "./attention";
import type { State } from "./state";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Nothing for so long, and the connection is given up: ten thousand services are told of once in some seconds. */
const SILENCE = 20_000;

/** A tab in the background for so long gives its connection back: over HTTP/1.1 a browser has six for all tabs of an address. */
const UNSEEN = 60_000;

/** How the stream fares. */
export type Link =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "waiting"; why: string; until: number }
  | { state: "refused"; problem: Problem };

/** How long to wait after so many failures: doubled each time, and no two pages at once. */
export const waitAfter = (failures: number, chance: number): number =>
  Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT) * (0.75 + chance / 2);

/** Follows the stream into a state, and begins again when it breaks. */
export class Connection {
  link: Link = { state: "connecting" };
  private failures = 0;
  private ending = new AbortController();
  private wake: () => void = () => undefined;

  constructor(
    private readonly state: State,
    private readonly changed: () => void,
  ) {}

  /** Follows until it is stopped or refused for want of a token. */
  async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted && this.link.state !== "refused") {
      try {
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (document.hidden) await seen();
        else await this.rest(error);
      }
    }
  }

  stop(): void {
    this.ending.abort();
    this.wake();
  }

  /** Does not wait any longer. */
  retry(): void {
    this.wake();
  }

  private async follow(stopping: AbortSignal): Promise<void> {
    const cut = new AbortController();
    const stop = (): void => cut.abort();
    stopping.addEventListener("abort", stop);
    const endWatch = whenUnseen(UNSEEN, stop);
    let silence = setTimeout(stop, SILENCE);
    try {
      const response = await send("GET", "stream?topics=status,services,backends,events", undefined, cut.signal);
      this.state.begin();
      const [reader, text, messages] = [response.body!.getReader(), new TextDecoder(), new MessageReader()];
      for (let first = true; ; ) {
        const { done, value } = await reader.read();
        if (done) throw new TypeError("the stream ended");
        clearTimeout(silence);
        silence = setTimeout(stop, SILENCE);
        for (const message of messages.read(text.decode(value, { stream: true }))) {
          this.state.apply(message.event, JSON.parse(message.data), Date.now());
          if (first && message.event === "status") {
            first = false;
            this.failures = 0;
            this.link = { state: "live" };
            void this.catchUp(cut.signal);
          }
        }
        this.changed();
      }
    } finally {
      endWatch();
      clearTimeout(silence);
      stopping.removeEventListener("abort", stop);
      cut.abort();
    }
  }

  /** What happened before the stream, or while there was none. */
  private async catchUp(signal: AbortSignal): Promise<void> {
    try {
      this.state.addEvents((await api.events({ limit: 1000 }, signal)).items);
      this.changed();
    } catch {
      // The stream tells of what comes; who asks for the events' page sees why.
    }
  }

  private async rest(error: unknown): Promise<void> {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
      this.link = { state: "refused", problem: error };
      this.changed();
      return;
    }
    const wait = waitAfter(++this.failures, Math.random());
    this.link = { state: "waiting", why: inWords(error), until: Date.now() + wait };
    this.changed();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (this.link.state === "waiting") this.link = { state: "connecting" };
    this.changed();
  }
}
