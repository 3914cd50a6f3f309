// What the admin API answers; docs/operations/api.md and /openapi/v1.json say what each means.

export interface Traffic {
  bytesFromClients: number;
  bytesFromBackends: number;
  datagramsFromClients: number;
  datagramsFromBackends: number;
}

/** Pairs of a bound in microseconds (-1 for none) and how many were below it and not below the one before. */
export type Buckets = [bound: number, count: number][];

export interface Durations {
  count: number;
  sumMicros: number;
  p50Micros: number | null;
  p99Micros: number | null;
  buckets: Buckets;
}

export type Closed = Record<string, number>;

export interface Status {
  version: string;
  started: string;
  phase: "starting" | "ready" | "draining";
  revision: number;
  configStale: boolean;
  shards: number;
  services: number;
  backends: number;
  backendsUsable: number;
  servicesWithoutBackend: number;
  listenersFailed: number;
  sessionLimit: number;
  active: number;
  accepted: number;
  closed: Closed;
  connectAttempts: number;
  connectFailures: number;
  retries: number;
  acceptPauses: number;
  traffic: Traffic;
  datagramsDropped: number;
  datagramsOversized: number;
  datagramsResent: number;
  connectTime: Durations;
}

export interface Affinity {
  entries: number;
  maxEntries: number;
  hits: number;
  misses: number;
  moves: number;
  evictions: number;
  expirations: number;
}

export interface Sources {
  count: number;
  denied: number;
  active: number;
  refused: number;
}

export interface Service {
  namespace: string;
  name: string;
  port: string;
  protocol: "tcp" | "udp";
  scheduler: string;
  listens: string[];
  backends: number;
  backendsUsable: number;
  active: number;
  total: number;
  waiting: number;
  closed: Closed;
  connectAttempts: number;
  connectFailures: number;
  retries: number;
  traffic: Traffic;
  connectTime: Durations;
  affinity: Affinity | null;
  sources: Sources | null;
}

export type Health = "unchecked" | "up" | "down" | "ejected" | "maintenance";

export interface Backend {
  namespace: string;
  service: string;
  port: string;
  address: string;
  weight: number;
  weightOverride: number | null;
  drained: boolean;
  effectiveWeight: number;
  notEligible: string | null;
  health: Health;
  healthReason: string | null;
  healthSince: string | null;
  checks: number;
  checksFailed: number;
  active: number;
  total: number;
  connectFailures: number;
  traffic: Traffic;
}

export interface Session {
  id: number;
  protocol: "tcp" | "udp";
  namespace: string;
  service: string;
  port: string;
  client: string;
  listen: string;
  backend: string | null;
  phase: string;
  accepted: string;
  idleMs: number;
  connectMicros: number | null;
  attempts: number;
  bytesFromClient: number;
  bytesFromBackend: number;
  requests: number;
  responses: number;
  shard: number;
}

export interface AffinityEntry {
  namespace: string;
  service: string;
  port: string;
  client: string;
  backend: string;
  idleMs: number;
}

export interface Listener {
  namespace: string;
  service: string;
  port: string;
  protocol: "tcp" | "udp";
  kind: string;
  address: string;
  state: "listening" | "noBackend" | "failed";
  problem: string | null;
}

export interface AnnouncedAddress {
  address: string;
  state: string;
  holder: string | null;
  since: string;
  reason: string | null;
}

export interface Pool {
  name: string;
  assignedIPv4: string;
  totalIPv4: string;
  assignedIPv6: string;
  totalIPv6: string;
  problems: string[];
}

export interface PendingService {
  namespace: string;
  name: string;
  reason: string;
  message: string;
}

export interface Pools {
  items: Pool[];
  leader: string | null;
  pending: PendingService[];
}

export type Level = "information" | "warning" | "error" | "critical";

export interface Happened {
  id: number;
  time: string;
  level: Level;
  kind: string;
  code: number;
  message: string;
  about: Record<string, string>;
}

export interface Access {
  level: "operator" | "reader";
  token: boolean;
}

export interface Reloaded {
  revision: number;
  changed: number;
  warnings: string[];
}

export interface List<T> {
  items: T[];
}

export interface Page<T> {
  items: T[];
  total: number;
  next: number | null;
}
