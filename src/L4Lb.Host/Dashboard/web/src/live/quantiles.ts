import type { Buckets } from "../api/types";

// A bucket is a quarter of the power of two that it is in (Engine/Metrics/DurationCounters.cs).
const LEAST_BOUND = 16;
const PER_OCTAVE = 4;
const LAST_BOUND = 2 ** 24;

/** The connects that are in `now` and were not yet in `before`. */
export function between(before: Buckets | undefined, now: Buckets): Buckets {
  const old = new Map(before);
  return now
    .map(([bound, count]): [number, number] => [bound, count - (old.get(bound) ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
}

/**
 * Microseconds that so large a part (0…1) did not exceed: the middle of the bucket that has it, or, of the one without a bound,
 * where that begins. Null when there were none.
 */
export function quantile(buckets: Buckets, part: number): number | null {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let rank = Math.max(Math.ceil(part * total), 1);
  for (const [bound, count] of buckets) {
    rank -= count;
    if (rank <= 0) return middleOf(bound);
  }
  return null;
}

function middleOf(bound: number): number {
  if (bound < 0) return LAST_BOUND;
  return bound <= LEAST_BOUND ? bound / 2 : bound - 2 ** Math.floor(Math.log2(bound - 1)) / PER_OCTAVE / 2;
}
