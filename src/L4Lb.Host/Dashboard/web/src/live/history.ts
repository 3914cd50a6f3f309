import type { Buckets, Closed } from "../api/types";
import type { Rates } from "./rates";
import { Ring } from "./ring";

/** One second, as charts show it. */
export interface Point extends Rates {
  /** Milliseconds since 1970, by the clock of who looks. */
  at: number;
  active: number;
}

/** Counters at a moment, so that something can be said of the time since. */
export interface Mark {
  at: number;
  closed: Closed;
  buckets: Buckets;
  /** Sessions ever by backend. */
  totals: ReadonlyMap<string, number>;
}

const POINTS = 600;
const MARKS = 61;
const MARK_EVERY = 10_000;

/** The last ten minutes of the instance or a service: a point each second, and counters each ten seconds. */
export class History {
  private readonly points = new Ring<Point>(POINTS);
  private readonly marks = new Ring<Mark>(MARKS);
  private marked = -Infinity;

  /** Adds what came to be in a second. */
  add(point: Point): void {
    this.points.push(point);
  }

  /** Notes the counters when it is time for that. */
  mark(at: number, counters: () => Omit<Mark, "at">): void {
    if (at - this.marked >= MARK_EVERY) {
      this.marked = at;
      this.marks.push({ at, ...counters() });
    }
  }

  /** What was, oldest first. */
  list(): Point[] {
    return this.points.toArray();
  }

  /** The oldest counters that are at most so old, in milliseconds. */
  since(now: number, most: number): Mark | undefined {
    return this.marks.toArray().find((mark) => now - mark.at <= most);
  }
}

const KEPT = 200;

/** Histories of service ports: of the first two hundred that there are, and of those whose page was opened. */
export class Histories {
  private readonly kept = new Map<string, History>();

  /** That of a service, begun when there is none; who was asked for longest ago makes way. */
  of(key: string): History {
    const history = this.kept.get(key) ?? new History();
    this.kept.delete(key);
    this.kept.set(key, history);
    const oldest = this.kept.keys().next();
    if (this.kept.size > KEPT && !oldest.done) this.kept.delete(oldest.value);
    return history;
  }

  /** Begins one while there is room. */
  offer(key: string): void {
    if (this.kept.size < KEPT && !this.kept.has(key)) this.kept.set(key, new History());
  }

  forget(key: string): void {
    this.kept.delete(key);
  }

  entries(): IterableIterator<[string, History]> {
    return this.kept.entries();
  }
}
