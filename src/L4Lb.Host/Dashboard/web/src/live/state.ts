import { backendKey, serviceKey, serviceKeyOf } from "../api/keys";
import type { Backend, Happened, Service, Status } from "../api/types";
import { Histories, History } from "./history";
import { type BackendRates, backendRates, instanceRates, type Rates, serviceRates, STILL } from "./rates";

const EVENTS = 2000;
const NO_RATES: BackendRates = Object.freeze({ sessions: 0, connectFailures: 0, bytes: 0 });

/**
 * What is known of the instance: what the stream told last of each thing, and what it came to in a second. A tick begins with the
 * status and then tells of what has changed, so that it is complete when the next one begins.
 */
export class State {
  status: Status | null = null;
  rates: Rates = STILL;
  services = new Map<string, Service>();
  backends = new Map<string, Backend>();
  events: Happened[] = [];
  readonly history = new History();
  readonly histories = new Histories();

  /** When something was last told, by the clock of who looks; 0 for never. */
  heard = 0;

  private serviceRates = new Map<string, Rates>();
  private backendRates = new Map<string, BackendRates>();
  private seconds = 0;
  private whole = { services: true, backends: true };
  private ticks = 0;

  /** A stream begins: it tells everything first, and what was known before stays until then. */
  begin(): void {
    this.whole = { services: true, backends: true };
    this.ticks = 0;
  }

  /** Takes a message of the stream in. */
  apply(event: string, data: unknown, now: number): void {
    if (event === "status") this.tick(data as Status, now);
    else if (event === "services") this.tellServices(data as Service[]);
    else if (event === "backends") this.tellBackends(data as Backend[]);
    else if (event === "services-gone") this.dropServices(data as string[]);
    else if (event === "backends-gone") for (const key of data as string[]) this.backends.delete(key);
    else if (event === "event") this.addEvents([data as Happened]);
    this.heard = now;
  }

  /** Takes events in that are not known yet; the newest are kept. */
  addEvents(events: readonly Happened[]): void {
    const known = new Set(this.events.map((event) => event.id));
    const fresh = events.filter((event) => !known.has(event.id));
    if (fresh.length > 0) this.events = [...this.events, ...fresh].sort((a, b) => a.id - b.id).slice(-EVENTS);
  }

  ratesOf(service: Service): Rates {
    return this.serviceRates.get(serviceKey(service)) ?? STILL;
  }

  backendRatesOf(backend: Backend): BackendRates {
    return this.backendRates.get(backendKey(backend)) ?? NO_RATES;
  }

  /** The backends of a service port, in the order of the configuration. */
  backendsOf(key: string): Backend[] {
    return [...this.backends.values()].filter((backend) => serviceKeyOf(backend) === key);
  }

  private tick(status: Status, now: number): void {
    const before = this.status;
    if (before !== null) this.remember(before);
    const isSame = before !== null && before.started === status.started;
    if (!isSame) this.events = [];
    this.seconds = isSame && this.ticks > 0 ? (now - this.heardStatus) / 1000 : 0;
    this.heardStatus = now;
    this.rates = before !== null && this.seconds > 0 ? instanceRates(before, status, this.seconds) : STILL;
    this.serviceRates = new Map();
    this.backendRates = new Map();
    this.status = status;
    // A list that is empty is not told at all.
    if (++this.ticks > 1) {
      if (this.whole.services) this.tellServices([]);
      if (this.whole.backends) this.tellBackends([]);
    }
  }

  private heardStatus = 0;

  private tellServices(told: readonly Service[]): void {
    const before = this.services;
    if (this.whole.services) {
      this.services = new Map();
      this.whole.services = false;
    }
    for (const service of told) {
      const key = serviceKey(service);
      const old = before.get(key);
      if (old !== undefined && this.seconds > 0) this.serviceRates.set(key, serviceRates(old, service, this.seconds));
      this.services.set(key, service);
      this.histories.offer(key);
    }
  }

  private tellBackends(told: readonly Backend[]): void {
    const before = this.backends;
    if (this.whole.backends) {
      this.backends = new Map();
      this.whole.backends = false;
    }
    for (const backend of told) {
      const key = backendKey(backend);
      const old = before.get(key);
      if (old !== undefined && this.seconds > 0) this.backendRates.set(key, backendRates(old, backend, this.seconds));
      this.backends.set(key, backend);
    }
  }

  private dropServices(keys: readonly string[]): void {
    for (const key of keys) {
      this.services.delete(key);
      this.histories.forget(key);
    }
  }

  /** Notes the tick that is complete now. */
  private remember(status: Status): void {
    const at = this.heardStatus;
    const isMeasured = this.seconds > 0;
    if (isMeasured) this.history.add({ at, active: status.active, ...this.rates });
    this.history.mark(at, () => ({
      closed: status.closed,
      buckets: status.connectTime.buckets,
      totals: new Map(),
    }));
    for (const [key, history] of this.histories.entries()) {
      const service = this.services.get(key);
      if (service === undefined) continue;
      if (isMeasured) history.add({ at, active: service.active, ...this.ratesOf(service) });
      history.mark(at, () => ({
        closed: service.closed,
        buckets: service.connectTime.buckets,
        totals: new Map(this.backendsOf(key).map((backend) => [backend.address, backend.total])),
      }));
    }
  }
}
