import { useState } from "preact/hooks";
import { api } from "../api/client";
import { serviceKey } from "../api/keys";
import type { AffinityEntry, Service } from "../api/types";
import { count, duration, percent } from "../format";
import { usePolled, useRested } from "../hooks";
import type { State } from "../live/state";
import { link } from "../routes";
import { Failure, Loading, PageHead, Panel, Search } from "../ui/parts";
import { type Column, Table } from "../ui/table";

const EVERY = 3000;
const MOST = 1000;

const tables: readonly Column<Service>[] = [
  { id: "service", title: "Service", names: true, cell: (s) => <a href={link.service(s.namespace, s.name, s.port)}>{serviceKey(s)}</a>, value: serviceKey },
  { id: "entries", title: "Clients", figure: true, cell: (s) => <>{count(s.affinity!.entries)} <small>of {count(s.affinity!.maxEntries)}</small></>, value: (s) => s.affinity!.entries },
  { id: "hits", title: "Kept theirs", figure: true, cell: (s) => percent(s.affinity!.hits / Math.max(s.affinity!.hits + s.affinity!.misses, 1)), value: (s) => s.affinity!.hits },
  { id: "moves", title: "Moved", figure: true, cell: (s) => count(s.affinity!.moves), value: (s) => s.affinity!.moves },
  { id: "evictions", title: "Made room", figure: true, cell: (s) => count(s.affinity!.evictions), value: (s) => s.affinity!.evictions },
  { id: "expirations", title: "Expired", figure: true, cell: (s) => count(s.affinity!.expirations), value: (s) => s.affinity!.expirations },
];

const entries: readonly Column<AffinityEntry>[] = [
  { id: "client", title: "Client", names: true, cell: (e) => <span class="figures">{e.client}</span>, value: (e) => e.client },
  { id: "service", title: "Service", cell: (e) => `${e.namespace}/${e.service}${e.port === "" ? "" : `:${e.port}`}`, value: (e) => `${e.namespace}/${e.service}` },
  { id: "backend", title: "Backend", cell: (e) => <span class="figures">{e.backend}</span>, value: (e) => e.backend },
  { id: "idle", title: "Last used", figure: true, cell: (e) => `${duration(e.idleMs)} ago`, value: (e) => e.idleMs },
];

/** Which client keeps which backend. */
export function Affinity({ state, query }: { state: State; query: URLSearchParams }) {
  const [service, setService] = useState(query.get("service") ?? "");
  const asked = useRested(service);
  const answer = usePolled((signal) => api.affinity(asked, MOST, signal), EVERY, [asked]);
  return (
    <>
      <PageHead title="Affinity" about="Clients that keep a backend while they come back in time" />
      <Panel title="Tables">
        <Table
          caption="Services with affinity" columns={tables} rows={[...state.services.values()].filter((s) => s.affinity !== null)} keyOf={serviceKey}
          sort={{ column: "entries", descending: true }} empty="No service has affinity. sessionAffinity: ClientIP turns it on." pageSize={20}
        />
      </Panel>
      <div class="toolbar">
        <Search label="Service" value={service} set={setService} placeholder="namespace/name" />
        <output class="found figures">{answer.data === null ? "" : `${count(answer.data.items.length)} of ${count(answer.data.total)}, those used last`}</output>
      </div>
      {answer.error !== null && <Failure what="The clients" error={answer.error} again={answer.again} />}
      <Panel title="Clients">
        {answer.data === null
          ? answer.error === null && <Loading what="clients" />
          : <Table
              caption="Clients that keep a backend" columns={entries} rows={answer.data.items} keyOf={(e) => `${e.namespace}/${e.service}:${e.port} ${e.client}`}
              sort={{ column: "idle", descending: false }} empty="No client keeps a backend."
            />}
      </Panel>
    </>
  );
}
