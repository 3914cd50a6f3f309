import { useState } from "preact/hooks";
import { api } from "../api/client";
import { backendKey, serviceKey } from "../api/keys";
import type { Backend, Listener, Service } from "../api/types";
import { byteRate, count, duration, many, micros, rate, short } from "../format";
import { usePolled } from "../hooks";
import { isAboutService } from "../live/about";
import { closedBetween } from "../live/closes";
import type { Mark, Point } from "../live/history";
import { between, quantile } from "../live/quantiles";
import { shares } from "../live/shares";
import type { State } from "../live/state";
import { link } from "../routes";
import { backendColumns } from "../ui/backends";
import { Chart } from "../ui/chart";
import { CloseTable } from "../ui/closes";
import { EventTable } from "../ui/events";
import { ListenerMark, ServiceMark } from "../ui/health";
import { PageHead, Panel, Tile } from "../ui/parts";
import { Share } from "../ui/share";
import { type Column, Table } from "../ui/table";
import { Gone } from "../ui/gone";

const SPANS = [[60_000, "last minute"], [600_000, "last 10 minutes"]] as const;
const SLOW = 5000;

/** One service port: where it listens, who serves it and how fairly, how fast and how sessions end. */
export function ServicePage({ state, path }: { state: State; path: readonly string[] }) {
  const [namespace = "", name = "", port = ""] = path;
  const key = serviceKey({ namespace, name, port });
  const listeners = usePolled((signal) => api.listeners(`${namespace}/${name}`, signal), SLOW, [key]);
  const service = state.services.get(key);
  if (service === undefined) return <Gone title={key} what="service port" back={link.services()} />;
  const points = state.histories.of(key).list();
  const now = Date.now();
  const rates = state.ratesOf(service);
  return (
    <>
      <PageHead title={key} about={<><ServiceMark service={service} /> {service.protocol}, scheduler {service.scheduler}</>}>
        <a class="button" href={service.protocol === "udp" ? link.flows({ service: `${namespace}/${name}` }) : link.sessions({ service: `${namespace}/${name}` })}>
          {service.protocol === "udp" ? "Flows" : "Sessions"}
        </a>
      </PageHead>
      <dl class="tiles">
        <Tile name="New sessions" value={rate(rates.sessions)} more={`${count(service.total)} ever`} />
        <Tile name="Open sessions" value={count(service.active)} more={service.waiting > 0 ? `${count(service.waiting)} wait` : "none waits"} {...(service.waiting > 0 ? { tone: "warn" as const } : {})} />
        <Tile name="From clients" value={byteRate(rates.bytesIn)} more={service.protocol === "udp" ? `${rate(rates.datagramsIn)} datagrams` : undefined} />
        <Tile name="To clients" value={byteRate(rates.bytesOut)} more={service.protocol === "udp" ? `${rate(rates.datagramsOut)} datagrams` : undefined} />
        <Tile name="Failed" value={rate(rates.failures)} more={`ever ${many(service.connectFailures, "connect")}, ${many(service.retries, "retry", "retries")}`} {...(rates.failures > 0 ? { tone: "bad" as const } : {})} />
        <Tile name="Backends" value={`${service.backendsUsable}/${service.backends}`} more="usable" {...(service.backendsUsable < service.backends ? { tone: "warn" as const } : {})} />
      </dl>
      <Charts points={points} />
      <Recent state={state} service={service} now={now} />
      <div class="columns">
        <Panel title="Listeners">
          <Listeners all={listeners.data?.items ?? []} service={service} />
        </Panel>
        <Panel title="Keeping clients">
          <Keeping service={service} />
        </Panel>
      </div>
      <Panel title="Events about it" aside={<a href={link.events({ about: `${namespace}/${name}` })}>all</a>}>
        <EventTable
          caption="Events about this service" events={state.events.filter((event) => isAboutService(event, namespace, name))}
          empty="Nothing has happened to it." pageSize={10}
        />
      </Panel>
    </>
  );
}

function Charts({ points }: { points: Point[] }) {
  const times = points.map((point) => point.at / 1000);
  const line = (label: string, pick: (point: Point) => number | null) => ({ label, values: points.map(pick) });
  return (
    <div class="charts in-fours">
      <Chart title="New sessions" times={times} format={rate} lines={[line("sessions", (p) => p.sessions), line("failed", (p) => p.failures)]} />
      <Chart title="Open sessions" times={times} format={short} lines={[line("open", (p) => p.active)]} />
      <Chart title="Traffic" times={times} format={byteRate} binary lines={[line("in", (p) => p.bytesIn), line("out", (p) => p.bytesOut)]} />
      <Chart title="Connect time" times={times} format={micros} lines={[line("p50", (p) => p.p50), line("p99", (p) => p.p99)]} />
    </div>
  );
}

/** What is said of a span of time that can be chosen. */
function Recent({ state, service, now }: { state: State; service: Service; now: number }) {
  const [span, setSpan] = useState<number>(SPANS[1][0]);
  const key = serviceKey(service);
  const mark = state.histories.of(key).since(now, span);
  const title = mark === undefined ? "Lately" : `In ${duration(now - mark.at)}`;
  const choice = (
    <div class="segments" role="group" aria-label="Span of time">
      {SPANS.map(([ms, text]) => <button key={ms} type="button" aria-pressed={span === ms} onClick={() => setSpan(ms)}>{text}</button>)}
    </div>
  );
  return (
    <>
      <Panel title="Backends: share of new sessions against weight" aside={choice}>
        <BackendShares state={state} backends={state.backendsOf(key)} mark={mark} now={now} />
      </Panel>
      <div class="columns">
        <Panel title="How sessions ended">
          <CloseTable recent={closedBetween(mark?.closed, service.closed)} ever={service.closed} span={title} />
        </Panel>
        <Panel title="Connect time">
          <Percentiles service={service} mark={mark} title={title} />
        </Panel>
      </div>
    </>
  );
}

function BackendShares({ state, backends, mark, now }: { state: State; backends: Backend[]; mark: Mark | undefined; now: number }) {
  const parts = shares(backends, mark?.totals);
  const [address, , ...rest] = backendColumns(state, now);
  const columns: readonly Column<Backend>[] = [
    address!,
    { id: "share", title: "Share / by weight", cell: (b) => <Share {...parts.get(b.address)!} />, value: (b) => parts.get(b.address)!.got },
    ...rest,
  ];
  return <Table caption="Backends of this service" columns={columns} rows={backends} keyOf={backendKey} sort={{ column: "address", descending: false }} empty="It has no backends." />;
}

const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

function Percentiles({ service, mark, title }: { service: Service; mark: Mark | undefined; title: string }) {
  const [recent, ever] = [between(mark?.buckets, service.connectTime.buckets), between(undefined, service.connectTime.buckets)];
  const columns: readonly Column<number>[] = [
    { id: "part", title: "Percentile", names: true, cell: (q) => `p${q * 100}` },
    { id: "recent", title, figure: true, cell: (q) => micros(quantile(recent, q)) },
    { id: "ever", title: "Ever", figure: true, cell: (q) => micros(quantile(ever, q)) },
  ];
  if (service.connectTime.count === 0) return <p class="empty">{service.protocol === "udp" ? "Flows do not connect." : "No backend was connected to yet."}</p>;
  return <Table caption="Percentiles of the time that connects took, known to an eighth" columns={columns} rows={QUANTILES} keyOf={(q) => q} empty="" />;
}

const listenerColumns: readonly Column<Listener>[] = [
  { id: "address", title: "Address", names: true, cell: (l) => <span class="figures">{l.address}/{l.protocol}</span> },
  { id: "kind", title: "Kind", cell: (l) => l.kind },
  { id: "state", title: "State", cell: (l) => <ListenerMark listener={l} /> },
  { id: "problem", title: "Problem", sentence: true, cell: (l) => l.problem ?? "none" },
];

function Listeners({ all, service }: { all: readonly Listener[]; service: Service }) {
  const mine = all.filter((l) => l.namespace === service.namespace && l.service === service.name && l.port === service.port);
  return <Table caption="Addresses that it listens on" columns={listenerColumns} rows={mine} keyOf={(l) => `${l.kind} ${l.address} ${l.protocol}`} empty="It is to be reached at no address." />;
}

function Keeping({ service: { affinity, sources, namespace, name } }: { service: Service }) {
  if (affinity === null && sources === null) return <p class="empty">No affinity, and clients are not limited.</p>;
  return (
    <dl class="facts">
      {affinity !== null && (
        <>
          <div><dt>Clients that keep a backend</dt><dd><a href={link.affinity({ service: `${namespace}/${name}` })}>{count(affinity.entries)} of {count(affinity.maxEntries)}</a></dd></div>
          <div><dt>Hits, misses</dt><dd>{count(affinity.hits)}, {count(affinity.misses)}</dd></div>
          <div><dt>Moved to another backend</dt><dd>{count(affinity.moves)}</dd></div>
          <div><dt>Forgotten: to make room, by time</dt><dd>{count(affinity.evictions)}, {count(affinity.expirations)}</dd></div>
        </>
      )}
      {sources !== null && (
        <>
          <div><dt>Client addresses known, denied now</dt><dd>{count(sources.count)}, {count(sources.denied)}</dd></div>
          <div><dt>Their sessions, and those refused</dt><dd>{count(sources.active)}, {count(sources.refused)}</dd></div>
        </>
      )}
    </dl>
  );
}
