import type { Backend, Happened, Service, Status } from "../src/api/types";

const traffic = { bytesFromClients: 0, bytesFromBackends: 0, datagramsFromClients: 0, datagramsFromBackends: 0 };
const connectTime = { count: 0, sumMicros: 0, p50Micros: null, p99Micros: null, buckets: [] };

export const status = (change: Partial<Status> = {}): Status => ({
  version: "1", started: "2026-01-01T00:00:00Z", phase: "ready", revision: 1, configStale: false, shards: 1, services: 1, backends: 1,
  backendsUsable: 1, servicesWithoutBackend: 0, listenersFailed: 0, sessionLimit: 1000, active: 0, accepted: 0, closed: {},
  connectAttempts: 0, connectFailures: 0, retries: 0, acceptPauses: 0, traffic, datagramsDropped: 0, datagramsOversized: 0,
  datagramsResent: 0, connectTime, ...change,
});

export const service = (change: Partial<Service> = {}): Service => ({
  namespace: "shop", name: "web", port: "http", protocol: "tcp", scheduler: "rr", listens: [], backends: 1, backendsUsable: 1, active: 0,
  total: 0, waiting: 0, closed: {}, connectAttempts: 0, connectFailures: 0, retries: 0, traffic, connectTime, affinity: null, sources: null,
  ...change,
});

export const backend = (change: Partial<Backend> = {}): Backend => ({
  namespace: "shop", service: "web", port: "http", address: "10.0.0.1:80", weight: 1, weightOverride: null, drained: false,
  effectiveWeight: 1, notEligible: null, health: "up", healthReason: null, healthSince: null, checks: 0, checksFailed: 0, active: 0, total: 0,
  connectFailures: 0, traffic, ...change,
});

export const happened = (id: number, change: Partial<Happened> = {}): Happened => ({
  id, time: "2026-01-01T00:00:00Z", level: "information", kind: "health", code: 601, message: "", about: {}, ...change,
});
