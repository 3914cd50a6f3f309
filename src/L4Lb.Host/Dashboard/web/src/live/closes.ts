import type { Closed } from "../api/types";

/** What the end of a session means to an operator. */
export type Verdict = "fine" | "client" | "refused" | "failed";

const VERDICTS: Record<string, Verdict> = {
  completed: "fine",
  idleTimeout: "fine",
  halfCloseTimeout: "fine",
  drained: "fine",
  killed: "fine",
  shed: "fine",
  backendRemoved: "fine",
  clientReset: "client",
  clientGone: "client",
  proxyHeaderInvalid: "client",
  proxyHeaderTimeout: "client",
  sourceDenied: "refused",
  sourceLimited: "refused",
  limitReached: "refused",
  queueFull: "refused",
  queueTimeout: "refused",
};

/** Fine, the client's doing, refused by a rule, or failed: reasons that are not known here count as failed. */
export const verdictOf = (reason: string): Verdict => VERDICTS[reason] ?? "failed";

/** How many of them ended so. */
export const closedAs = (closed: Closed, verdict: Verdict): number =>
  Object.entries(closed).reduce((sum, [reason, count]) => (verdictOf(reason) === verdict ? sum + count : sum), 0);

/** Those that are in `now` and were not yet in `before`; without those that are none. */
export function closedBetween(before: Closed | undefined, now: Closed): Closed {
  const fresh = Object.entries(now).map(([reason, count]): [string, number] => [reason, count - (before?.[reason] ?? 0)]);
  return Object.fromEntries(fresh.filter(([, count]) => count > 0));
}
