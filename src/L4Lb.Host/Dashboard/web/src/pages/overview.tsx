import { api } from "../api/client";
import { serviceKey } from "../api/keys";
import type { List, Listener, Service } from "../api/types";
import { byteRate, count, duration, many, micros, percent, rate, short, version } from "../format";
import { usePolled } from "../hooks";
import { closedBetween } from "../live/closes";
import type { Point } from "../live/history";
import { findProblems } from "../live/problems";
import type { State } from "../live/state";
import { link } from "../routes";
import { Chart } from "../ui/chart";
import { CloseTable } from "../ui/closes";
import { LatestEvents } from "../ui/events";
import { ServiceMark } from "../ui/health";
import { PageHead, Panel, Tile } from "../ui/parts";
import { type Column, Table } from "../ui/table";
import { Verdict } from "../ui/verdict";

const TEN_MINUTES = 600_000;
const SLOW = 10_000;
const BUSIEST = 8;
const NONE: List<Listener> = { items: [] };

const line = (points: Point[], label: string, pick: (point: Point) => number | null) => ({ label, values: points.map(pick) });

/** What an operator wants to know first: is anything wrong, and where. */
export function Overview({ state }: { state: State }) {
  const { status, rates } = state;
  const failed = status?.listenersFailed ?? 0;
  const listeners = usePolled(async (signal) => (failed > 0 ? api.listeners("", signal) : NONE), SLOW, [failed]);
  const pools = usePolled((signal) => api.pools(signal), SLOW, []);
  if (status === null) return null;
  const problems = findProblems({
    status,
    rates,
    services: state.services.values(),
    backends: state.backends.values(),
    listeners: listeners.data?.items ?? [],
    pools: pools.data,
  });
  const points = state.history.list();
  const now = Date.now();
  const before = state.history.since(now, TEN_MINUTES);
  return (
    <>
      <PageHead
        title="Overview"
        about={<>L4Lb {version(status.version)}, up {duration(now - Date.parse(status.started))}, revision {status.revision}, {many(status.shards, "shard")}</>}
      />
      <Verdict problems={problems} services={status.services} />
      <dl class="tiles">
        <Tile name="New sessions" value={rate(rates.sessions)} more={`${count(status.accepted)} ever`} />
        <Tile
          name="Open sessions" value={count(status.active)} more={`${percent(status.active / status.sessionLimit)} of ${short(status.sessionLimit)}`}
          {...(status.active >= status.sessionLimit * 0.8 ? { tone: "warn" as const } : {})}
        />
        <Tile name="From clients" value={byteRate(rates.bytesIn)} more={`${rate(rates.datagramsIn)} datagrams`} />
        <Tile name="To clients" value={byteRate(rates.bytesOut)} more={`${rate(rates.datagramsOut)} datagrams`} />
        <Tile
          name="Failed" value={rate(rates.failures)} more={`${rate(rates.connectFailures)} connects, ${rate(rates.retries)} retries`}
          {...(rates.failures > 0 ? { tone: "bad" as const } : {})}
        />
        <Tile name="Connect p99" value={micros(rates.p99)} more={`p50 ${micros(rates.p50)}`} />
        <Tile
          name="Backends" value={`${count(status.backendsUsable)}/${count(status.backends)}`} more="usable"
          {...(status.backendsUsable < status.backends ? { tone: "warn" as const } : {})}
        />
        <Tile
          name="Services" value={`${count(status.services - status.servicesWithoutBackend)}/${count(status.services)}`} more="with a backend"
          {...(status.servicesWithoutBackend > 0 ? { tone: "bad" as const } : {})}
        />
      </dl>
      <Charts points={points} />
      <div class="columns">
        <Panel title="Busiest services" aside={<a href={link.services()}>all {count(state.services.size)}</a>}>
          <Busiest state={state} />
        </Panel>
        <Panel title="Latest events" aside={<a href={link.events()}>all</a>}>
          <LatestEvents events={state.events.slice(-BUSIEST)} />
        </Panel>
      </div>
      <Panel title="How sessions ended">
        <CloseTable
          recent={closedBetween(before?.closed, status.closed)} ever={status.closed}
          span={before === undefined ? "Lately" : `In ${duration(now - before.at)}`}
        />
      </Panel>
    </>
  );
}

function Charts({ points }: { points: Point[] }) {
  const times = points.map((point) => point.at / 1000);
  return (
    <div class="charts in-threes">
      <Chart title="New sessions" times={times} format={rate} lines={[line(points, "sessions", (p) => p.sessions)]} />
      <Chart title="Open sessions" times={times} format={short} lines={[line(points, "open", (p) => p.active)]} />
      <Chart title="Traffic" times={times} format={byteRate} binary lines={[line(points, "in", (p) => p.bytesIn), line(points, "out", (p) => p.bytesOut)]} />
      <Chart
        title="Connect time" times={times} format={micros}
        lines={[line(points, "p50", (p) => p.p50), line(points, "p99", (p) => p.p99)]}
      />
      <Chart
        title="Errors" times={times} format={rate}
        lines={[line(points, "failed", (p) => p.failures), line(points, "refused", (p) => p.refused)]}
      />
      <Chart
        title="Connects" times={times} format={rate}
        lines={[line(points, "failed", (p) => p.connectFailures), line(points, "retries", (p) => p.retries)]}
      />
    </div>
  );
}

function Busiest({ state }: { state: State }) {
  const load = (service: Service): number => {
    const { sessions, datagramsIn } = state.ratesOf(service);
    return sessions + datagramsIn;
  };
  const columns: readonly Column<Service>[] = [
    { id: "name", title: "Service", names: true, cell: (s) => <a href={link.service(s.namespace, s.name, s.port)}>{serviceKey(s)}</a> },
    { id: "state", title: "State", cell: (s) => <ServiceMark service={s} /> },
    { id: "rate", title: "New", figure: true, cell: (s) => rate(state.ratesOf(s).sessions) },
    { id: "open", title: "Open", figure: true, cell: (s) => count(s.active) },
    { id: "out", title: "To clients", figure: true, cell: (s) => byteRate(state.ratesOf(s).bytesOut) },
  ];
  const busiest = [...state.services.values()]
    .map((service) => ({ service, load: load(service) }))
    .sort((a, b) => b.load - a.load || b.service.active - a.service.active)
    .slice(0, BUSIEST)
    .map(({ service }) => service);
  return <Table caption="The busiest services" columns={columns} rows={busiest} keyOf={serviceKey} empty="No service is configured." />;
}
