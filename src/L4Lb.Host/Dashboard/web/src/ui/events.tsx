import type { Happened, Level } from "../api/types";
import { clock, moment } from "../format";
import { Mark, type Tone } from "./mark";
import { type Column, Table } from "./table";

const TONES: Record<Level, Tone> = { information: "off", warning: "warn", error: "bad", critical: "bad" };
const WORDS: Record<Level, string> = { information: "info", warning: "warning", error: "error", critical: "critical" };

const columns: readonly Column<Happened>[] = [
  { id: "time", title: "Time", cell: (event) => <time class="figures" dateTime={event.time}>{moment(event.time)}</time>, value: (event) => event.id, figure: false },
  { id: "level", title: "Level", cell: (event) => <Mark tone={TONES[event.level]}>{WORDS[event.level]}</Mark> },
  { id: "kind", title: "Kind", cell: (event) => event.kind },
  { id: "code", title: "Code", cell: (event) => <span class="figures">{event.code}</span>, figure: true },
  { id: "message", title: "What happened", sentence: true, cell: (event) => <span class="message">{event.message}</span> },
];

interface EventTableProps {
  caption: string;
  events: readonly Happened[];
  empty: string;
  pageSize?: number;
}

/** Events, the newest first. */
export const EventTable = ({ caption, events, empty, pageSize = 50 }: EventTableProps) => (
  <Table
    caption={caption} columns={columns} rows={events} keyOf={(event) => event.id} sort={{ column: "time", descending: true }}
    empty={empty} pageSize={pageSize}
  />
);

const latest: readonly Column<Happened>[] = [
  { id: "time", title: "Time", cell: (event) => <time class="figures" dateTime={event.time} title={moment(event.time)}>{clock(event.time)}</time> },
  columns[1]!,
  columns[4]!,
];

/** A few of them in little room, the newest first. */
export const LatestEvents = ({ events }: { events: readonly Happened[] }) => (
  <Table caption="The latest events" columns={latest} rows={events.toReversed()} keyOf={(event) => event.id} empty="Nothing has happened yet." />
);
