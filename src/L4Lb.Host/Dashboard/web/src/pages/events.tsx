import { useState } from "preact/hooks";
import type { Happened } from "../api/types";
import { count } from "../format";
import type { State } from "../live/state";
import { EventTable } from "../ui/events";
import { Choice, PageHead, Search } from "../ui/parts";
import { filtered } from "../ui/sorting";

const KINDS = ["instance", "configuration", "listener", "access-log", "address", "health", "operator", "state", "cluster"];
const LEVELS = [["", "all"], ["warning", "warnings and worse"], ["error", "errors and worse"]] as const;
const ORDER: Record<Happened["level"], number> = { information: 0, warning: 1, error: 2, critical: 3 };

/** What happened, as it happens. */
export function Events({ state, query }: { state: State; query: URLSearchParams }) {
  const [text, setText] = useState(query.get("about") ?? "");
  const [kind, setKind] = useState(query.get("kind") ?? "");
  const [level, setLevel] = useState(query.get("level") ?? "");
  const least = level === "warning" ? 1 : level === "error" ? 2 : 0;
  const some = state.events.filter((event) => (kind === "" || event.kind === kind) && ORDER[event.level] >= least);
  const rows = filtered(some, text, (event) => `${event.message} ${event.code} ${Object.values(event.about).join(" ")}`);
  return (
    <>
      <PageHead title="Events" about="What happened: the lines of the log of information and more, the newest first" />
      <div class="toolbar">
        <Search label="Filter" value={text} set={setText} placeholder="service, backend, words" />
        <Choice label="Kind" value={kind} set={setKind} options={[["", "all"], ...KINDS.map((name): [string, string] => [name, name])]} />
        <Choice label="Level" value={level} set={setLevel} options={LEVELS} />
        <output class="found figures">{count(rows.length)} of {count(state.events.length)}</output>
      </div>
      <div class="panel">
        <EventTable caption="Events" events={rows} empty={state.events.length === 0 ? "Nothing has happened yet." : "No event fits the filter."} />
      </div>
    </>
  );
}
