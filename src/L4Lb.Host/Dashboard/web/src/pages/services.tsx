import { useState } from "preact/hooks";
import { serviceKey } from "../api/keys";
import type { Service } from "../api/types";
import { byteRate, count, micros, rate } from "../format";
import type { State } from "../live/state";
import { link } from "../routes";
import { ServiceMark } from "../ui/health";
import { Choice, PageHead, Search } from "../ui/parts";
import { filtered } from "../ui/sorting";
import { type Column, Table } from "../ui/table";

const columnsOf = (state: State): readonly Column<Service>[] => [
  { id: "name", title: "Service", names: true, cell: (s) => <a href={link.service(s.namespace, s.name, s.port)}>{serviceKey(s)}</a>, value: serviceKey },
  { id: "state", title: "State", cell: (s) => <ServiceMark service={s} />, value: (s) => s.backendsUsable / Math.max(s.backends, 1) },
  { id: "protocol", title: "Protocol", cell: (s) => s.protocol, value: (s) => s.protocol },
  { id: "scheduler", title: "Scheduler", cell: (s) => s.scheduler, value: (s) => s.scheduler },
  { id: "backends", title: "Backends", figure: true, cell: (s) => `${s.backendsUsable}/${s.backends}`, value: (s) => s.backends },
  { id: "open", title: "Open", figure: true, cell: (s) => count(s.active), value: (s) => s.active },
  { id: "new", title: "New", figure: true, cell: (s) => rate(state.ratesOf(s).sessions), value: (s) => state.ratesOf(s).sessions },
  { id: "failed", title: "Failed", figure: true, cell: (s) => rate(state.ratesOf(s).failures), value: (s) => state.ratesOf(s).failures },
  { id: "in", title: "From clients", figure: true, cell: (s) => byteRate(state.ratesOf(s).bytesIn), value: (s) => state.ratesOf(s).bytesIn },
  { id: "out", title: "To clients", figure: true, cell: (s) => byteRate(state.ratesOf(s).bytesOut), value: (s) => state.ratesOf(s).bytesOut },
  { id: "p99", title: "Connect p99", figure: true, cell: (s) => micros(s.connectTime.p99Micros), value: (s) => s.connectTime.p99Micros },
];

const STATES = [["", "all"], ["trouble", "in trouble"], ["active", "with sessions"]] as const;

const fits: Record<string, (service: Service) => boolean> = {
  trouble: (service) => service.backendsUsable < service.backends || service.backends === 0 || service.waiting > 0,
  active: (service) => service.active > 0,
};

/** Every service port. */
export function Services({ state, query }: { state: State; query: URLSearchParams }) {
  const [filter, setFilter] = useState(query.get("filter") ?? "");
  const [which, setWhich] = useState(query.get("state") ?? "");
  const all = [...state.services.values()];
  const some = fits[which] === undefined ? all : all.filter(fits[which]);
  const rows = filtered(some, filter, (s) => `${serviceKey(s)} ${s.protocol} ${s.scheduler} ${s.listens.join(" ")}`);
  return (
    <>
      <PageHead title="Services" about="One row for each port of a Service" />
      <div class="toolbar">
        <Search label="Filter" value={filter} set={setFilter} placeholder="name, address, scheduler" />
        <Choice label="Show" value={which} set={setWhich} options={STATES} />
        <output class="found figures">{count(rows.length)} of {count(all.length)}</output>
      </div>
      <div class="panel">
        <Table
          caption="Service ports" columns={columnsOf(state)} rows={rows} keyOf={serviceKey} sort={{ column: "name", descending: false }}
          empty={all.length === 0 ? "No service is configured. l4lb check -f FILE says what is wrong with a manifest." : "No service fits the filter."}
        />
      </div>
    </>
  );
}
