import { useState } from "preact/hooks";
import { kill, killAll } from "../actions";
import { api, type Conversations, type SessionFilter } from "../api/client";
import type { Session } from "../api/types";
import { bytes, count, duration, micros, words } from "../format";
import { usePolled, useRested } from "../hooks";
import { link } from "../routes";
import { Action } from "../ui/action";
import { Failure, Loading, PageHead, Search } from "../ui/parts";
import { type Column, Table } from "../ui/table";

const EVERY = 2000;
const PART = 500;

const TEXTS = {
  sessions: { title: "Sessions", about: "Who is connected by TCP now", empty: "Nobody is connected." },
  flows: { title: "Flows", about: "Who talks by UDP now", empty: "Nobody talks by UDP." },
} as const;

/** Who is connected, with search on the server, and how one ends it. */
export function Sessions({ of, query }: { of: Conversations; query: URLSearchParams }) {
  const [filter, setFilter] = useState<SessionFilter>({
    service: query.get("service") ?? "",
    backend: query.get("backend") ?? "",
    client: query.get("client") ?? "",
  });
  const [parts, setParts] = useState<number[]>([0]);
  const asked: SessionFilter = { service: useRested(filter.service), backend: useRested(filter.backend), client: useRested(filter.client) };
  const after = parts.at(-1) ?? 0;
  const answer = usePolled((signal) => api.sessions(of, asked, PART, after, signal), EVERY, [of, ...Object.values(asked), after]);
  const set = (part: Partial<SessionFilter>): void => {
    setParts([0]);
    setFilter({ ...filter, ...part });
  };
  const isFiltered = Object.values(asked).some((value) => value !== "");
  const { title, about, empty } = TEXTS[of];
  const rows = answer.data?.items ?? [];
  const total = answer.data?.total ?? 0;
  return (
    <>
      <PageHead title={title} about={about}>
        {isFiltered && total > 0 && (
          <Action label={`Kill the ${count(total)} ${of} that fit`} danger run={() => void killAll(of, asked, total).then((done) => done && answer.again())}>
            Kill all {count(total)} that fit
          </Action>
        )}
      </PageHead>
      <div class="toolbar">
        <Search label="Service" value={filter.service} set={(service) => set({ service })} placeholder="namespace/name" />
        <Search label="Backend" value={filter.backend} set={(backend) => set({ backend })} placeholder="10.0.0.1:8080" />
        <Search label="Client" value={filter.client} set={(client) => set({ client })} placeholder="10.0.0.7 or 10.0.0.0/8" />
        <output class="found figures">{answer.data === null ? "" : `${count(total)} in all`}</output>
      </div>
      {answer.error !== null && <Failure what={`The ${of}`} error={answer.error} again={answer.again} />}
      <div class="panel">
        {answer.data === null
          ? answer.error === null && <Loading what={of} />
          : <Table
              caption={title} columns={columnsOf(of, answer.again)} rows={rows} keyOf={(session) => session.id}
              empty={isFiltered ? `None of the ${of} fits the filter.` : empty}
            />}
      </div>
      {(answer.data?.next != null || parts.length > 1) && (
        <nav class="pager" aria-label="Parts of the list">
          <button type="button" disabled={parts.length === 1} onClick={() => setParts(parts.slice(0, -1))}>Part before</button>
          <span>in parts of {count(PART)}</span>
          <button type="button" disabled={answer.data?.next == null} onClick={() => setParts([...parts, answer.data!.next!])}>Next part</button>
        </nav>
      )}
    </>
  );
}

function columnsOf(of: Conversations, again: () => void): readonly Column<Session>[] {
  const now = Date.now();
  const middle: readonly Column<Session>[] = of === "sessions"
    ? [
        { id: "phase", title: "Phase", cell: (s) => words(s.phase), value: (s) => s.phase },
        { id: "connect", title: "Connect", figure: true, cell: (s) => micros(s.connectMicros), value: (s) => s.connectMicros },
        { id: "attempts", title: "Tries", figure: true, cell: (s) => count(s.attempts), value: (s) => s.attempts },
      ]
    : [
        { id: "requests", title: "Requests", figure: true, cell: (s) => count(s.requests), value: (s) => s.requests },
        { id: "responses", title: "Responses", figure: true, cell: (s) => count(s.responses), value: (s) => s.responses },
      ];
  return [
    { id: "id", title: "Id", figure: true, cell: (s) => `${s.id}`, value: (s) => s.id },
    { id: "client", title: "Client", names: true, cell: (s) => <span class="figures">{s.client}</span>, value: (s) => s.client },
    { id: "service", title: "Service", cell: (s) => <a href={link.service(s.namespace, s.service, s.port)}>{s.namespace}/{s.service}:{s.port}</a>, value: (s) => `${s.namespace}/${s.service}` },
    { id: "backend", title: "Backend", cell: (s) => (s.backend === null ? "none yet" : <span class="figures">{s.backend}</span>), value: (s) => s.backend },
    ...middle,
    { id: "age", title: "Age", figure: true, cell: (s) => duration(Math.max(now - Date.parse(s.accepted), 0)), value: (s) => now - Date.parse(s.accepted) },
    { id: "idle", title: "Idle", figure: true, cell: (s) => duration(s.idleMs), value: (s) => s.idleMs },
    { id: "in", title: "From client", figure: true, cell: (s) => bytes(s.bytesFromClient), value: (s) => s.bytesFromClient },
    { id: "out", title: "To client", figure: true, cell: (s) => bytes(s.bytesFromBackend), value: (s) => s.bytesFromBackend },
    {
      id: "acts", title: "Actions", acts: true,
      cell: (s) => <Action label={`Kill ${of === "flows" ? "flow" : "session"} ${s.id} of ${s.client}`} danger run={() => void kill(of, s).then((done) => done && again())}>Kill</Action>,
    },
  ];
}
