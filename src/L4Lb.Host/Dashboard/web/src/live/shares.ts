import type { Backend } from "../api/types";

/** What a backend got of new sessions, and what its weight would give it; null where there is nothing to share. */
export interface Shares {
  got: number | null;
  due: number | null;
}

/** Shares of a service's backends since they had those totals; without, since ever. */
export function shares(backends: readonly Backend[], before: ReadonlyMap<string, number> | undefined): Map<string, Shares> {
  const fresh = (backend: Backend): number => Math.max(backend.total - (before?.get(backend.address) ?? 0), 0);
  const sum = (of: (backend: Backend) => number): number => backends.reduce((all, backend) => all + of(backend), 0);
  const [sessions, weights] = [sum(fresh), sum((backend) => backend.effectiveWeight)];
  return new Map(
    backends.map((backend) => [
      backend.address,
      { got: sessions > 0 ? fresh(backend) / sessions : null, due: weights > 0 ? backend.effectiveWeight / weights : null },
    ]),
  );
}
