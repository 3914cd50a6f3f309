import type { Backend, Service, Status, Traffic } from "../api/types";
import { closedAs } from "./closes";
import { between, quantile } from "./quantiles";

/** What changed in a second, of the whole instance or a service. */
export interface Rates {
  sessions: number;
  bytesIn: number;
  bytesOut: number;
  datagramsIn: number;
  datagramsOut: number;
  failures: number;
  refused: number;
  connectFailures: number;
  retries: number;
  p50: number | null;
  p99: number | null;
}

/** Nothing happened. */
export const STILL: Rates = Object.freeze({
  sessions: 0,
  bytesIn: 0,
  bytesOut: 0,
  datagramsIn: 0,
  datagramsOut: 0,
  failures: 0,
  refused: 0,
  connectFailures: 0,
  retries: 0,
  p50: null,
  p99: null,
});

type Counters = Pick<Status, "closed" | "connectFailures" | "retries" | "traffic" | "connectTime"> & { sessions: number };

/** Counters only grow; where they have not, the process began anew and nothing can be said. */
const each = (before: number, now: number, seconds: number): number => (now >= before && seconds > 0 ? (now - before) / seconds : 0);

function ratesBetween(before: Counters, now: Counters, seconds: number): Rates {
  const fresh = between(before.connectTime.buckets, now.connectTime.buckets);
  const of = (pick: (counters: Counters) => number): number => each(pick(before), pick(now), seconds);
  return {
    sessions: of((c) => c.sessions),
    bytesIn: of((c) => c.traffic.bytesFromClients),
    bytesOut: of((c) => c.traffic.bytesFromBackends),
    datagramsIn: of((c) => c.traffic.datagramsFromClients),
    datagramsOut: of((c) => c.traffic.datagramsFromBackends),
    failures: of((c) => closedAs(c.closed, "failed")),
    refused: of((c) => closedAs(c.closed, "refused")),
    connectFailures: of((c) => c.connectFailures),
    retries: of((c) => c.retries),
    p50: quantile(fresh, 0.5),
    p99: quantile(fresh, 0.99),
  };
}

/** Of the whole instance. */
export const instanceRates = (before: Status, now: Status, seconds: number): Rates =>
  ratesBetween({ ...before, sessions: before.accepted }, { ...now, sessions: now.accepted }, seconds);

/** Of a service port. */
export const serviceRates = (before: Service, now: Service, seconds: number): Rates =>
  ratesBetween({ ...before, sessions: before.total }, { ...now, sessions: now.total }, seconds);

/** What changed of a backend in a second. */
export interface BackendRates {
  sessions: number;
  connectFailures: number;
  bytes: number;
}

const all = (traffic: Traffic): number => traffic.bytesFromClients + traffic.bytesFromBackends;

/** Of a backend of a service port. */
export const backendRates = (before: Backend, now: Backend, seconds: number): BackendRates => ({
  sessions: each(before.total, now.total, seconds),
  connectFailures: each(before.connectFailures, now.connectFailures, seconds),
  bytes: each(all(before.traffic), all(now.traffic), seconds),
});
