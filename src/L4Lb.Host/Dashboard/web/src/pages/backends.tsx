import { useState } from "preact/hooks";
import { backendKey, serviceKeyOf } from "../api/keys";
import type { Backend } from "../api/types";
import { count } from "../format";
import type { State } from "../live/state";
import { backendColumns } from "../ui/backends";
import { backendState, reasonOf } from "../ui/health";
import { Choice, PageHead, Search } from "../ui/parts";
import { filtered } from "../ui/sorting";
import { Table } from "../ui/table";

const STATES = [["", "all"], ["out", "without new sessions"], ["ill", "down or ejected"], ["drained", "drained"]] as const;

const fits: Record<string, (backend: Backend) => boolean> = {
  out: (backend) => backend.effectiveWeight === 0,
  ill: (backend) => backend.health === "down" || backend.health === "ejected",
  drained: (backend) => backend.drained,
};

/** Every backend of every service port. */
export function Backends({ state, query }: { state: State; query: URLSearchParams }) {
  const [filter, setFilter] = useState(query.get("filter") ?? "");
  const [which, setWhich] = useState(query.get("state") ?? "");
  const all = [...state.backends.values()];
  const some = fits[which] === undefined ? all : all.filter(fits[which]);
  const rows = filtered(some, filter, (b) => `${b.address} ${serviceKeyOf(b)} ${backendState(b).word} ${reasonOf(b) ?? ""}`);
  return (
    <>
      <PageHead title="Backends" about="One row for each service port that a backend serves" />
      <div class="toolbar">
        <Search label="Filter" value={filter} set={setFilter} placeholder="address, service, reason" />
        <Choice label="Show" value={which} set={setWhich} options={STATES} />
        <output class="found figures">{count(rows.length)} of {count(all.length)}</output>
      </div>
      <div class="panel">
        <Table
          caption="Backends" columns={backendColumns(state, Date.now())} rows={rows} keyOf={backendKey} sort={{ column: "health", descending: false }}
          empty={all.length === 0 ? "No service has a backend." : "No backend fits the filter."}
        />
      </div>
    </>
  );
}
