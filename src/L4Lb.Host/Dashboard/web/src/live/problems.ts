import { backendKey, serviceKey, serviceKeyOf } from "../api/keys";
import type { Backend, Listener, Pools, Service, Status } from "../api/types";
import { count, percent } from "../format";
import { link } from "../routes";
import type { Rates } from "./rates";

/** "bad": clients are turned away now. "warn": somebody should look. "note": on purpose, and worth knowing. */
export type Severity = "bad" | "warn" | "note";

/** Something that is wrong, and where. */
export interface Problem {
  key: string;
  severity: Severity;
  what: string;
  why: string;
  href: string;
}

/** What is looked through for problems. */
export interface Known {
  status: Status;
  rates: Rates;
  services: Iterable<Service>;
  backends: Iterable<Backend>;
  listeners: readonly Listener[];
  pools: Pools | null;
}

const ORDER: Record<Severity, number> = { bad: 0, warn: 1, note: 2 };
const NEAR_LIMIT = 0.8;

/** Everything that is wrong, the worst first. */
export function findProblems(known: Known): Problem[] {
  return [...ofInstance(known.status, known.rates), ...ofListeners(known.listeners), ...ofServices(known), ...ofPools(known.pools)].sort(
    (a, b) => ORDER[a.severity] - ORDER[b.severity],
  );
}

function* ofInstance(status: Status, rates: Rates): Generator<Problem> {
  const at = (key: string, severity: Severity, what: string, why: string, href = link.events()): Problem =>
    ({ key, severity, what, why, href });
  if (status.phase === "starting") yield at("phase", "warn", "The instance starts", "no configuration is in force yet");
  if (status.phase === "draining") yield at("phase", "bad", "The instance stops", "it takes no new sessions and lets the others end");
  if (status.configStale) {
    yield at("stale", "warn", "The configuration is stale", `a newer one was refused; revision ${status.revision} stays in force`,
      link.events({ kind: "configuration" }));
  }
  const full = status.sessionLimit > 0 ? status.active / status.sessionLimit : 0;
  if (full >= NEAR_LIMIT) {
    yield at("limit", full >= 0.95 ? "bad" : "warn", "Near the limit of sessions",
      `${count(status.active)} of ${count(status.sessionLimit)} (${percent(full)})`, link.sessions());
  }
  if (rates.failures >= 1) yield at("failing", "bad", "Sessions fail", `${count(rates.failures)} in the last second`, link.services());
}

function* ofListeners(listeners: readonly Listener[]): Generator<Problem> {
  for (const listener of listeners.filter((one) => one.state === "failed")) {
    yield {
      key: `listener ${listener.kind} ${listener.address} ${listener.protocol}`,
      severity: "bad",
      what: `Not listening on ${listener.address}/${listener.protocol}`,
      why: listener.problem ?? "the reason is in the log",
      href: link.service(listener.namespace, listener.service, listener.port),
    };
  }
}

function* ofServices({ services, backends }: Known): Generator<Problem> {
  const dead = new Set<string>();
  for (const service of services) {
    const href = link.service(service.namespace, service.name, service.port);
    const key = serviceKey(service);
    if (service.backendsUsable === 0) {
      dead.add(key);
      const why = service.backends === 0 ? "it has no backends" : `none of its ${count(service.backends)} backends takes sessions`;
      yield { key: `dead ${key}`, severity: "bad", what: `${key} serves nobody`, why, href };
    }
    if (service.waiting > 0) {
      yield { key: `wait ${key}`, severity: "warn", what: `${key} has clients waiting`, why: `${count(service.waiting)} wait for room`, href };
    }
  }
  for (const backend of backends) {
    const key = backendKey(backend);
    const href = link.backend(backend);
    const where = `${backend.address} of ${serviceKeyOf(backend)}`;
    if (backend.health === "down" || backend.health === "ejected") {
      const why = backend.healthReason ?? "the reason is in its events";
      yield { key: `ill ${key}`, severity: "warn", what: `${where} is ${backend.health}`, why, href };
    } else if (backend.health === "maintenance") {
      yield { key: `ill ${key}`, severity: "note", what: `${where} is in maintenance`, why: backend.healthReason ?? "its agent asked for it", href };
    } else if (backend.drained && !dead.has(serviceKeyOf(backend))) {
      yield { key: `drained ${key}`, severity: "note", what: `${where} is drained`, why: "an operator keeps new sessions from it", href };
    }
  }
}

function* ofPools(pools: Pools | null): Generator<Problem> {
  for (const waits of pools?.pending ?? []) {
    yield {
      key: `pending ${waits.namespace}/${waits.name}`,
      severity: "warn",
      what: `${waits.namespace}/${waits.name} waits for an address`,
      why: waits.message || waits.reason,
      href: link.addresses(),
    };
  }
  for (const pool of (pools?.items ?? []).filter((one) => one.problems.length > 0)) {
    yield { key: `pool ${pool.name}`, severity: "warn", what: `Pool ${pool.name} gives nothing out`, why: pool.problems.join("; "), href: link.addresses() };
  }
}
