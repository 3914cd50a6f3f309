import type { Closed } from "../api/types";
import { count, percent, words } from "../format";
import { type Verdict, verdictOf } from "../live/closes";
import { Mark, type Tone } from "./mark";
import { type Column, Table } from "./table";

const TONES: Record<Verdict, Tone> = { fine: "ok", client: "off", refused: "note", failed: "bad" };
const WORDS: Record<Verdict, string> = { fine: "in order", client: "by the client", refused: "refused by a rule", failed: "failed" };

interface Row {
  reason: string;
  recent: number;
  ever: number;
  share: number;
}

const columns = (span: string): readonly Column<Row>[] => [
  { id: "reason", title: "Reason", names: true, cell: (row) => words(row.reason), value: (row) => row.reason },
  { id: "verdict", title: "Means", cell: (row) => <Mark tone={TONES[verdictOf(row.reason)]}>{WORDS[verdictOf(row.reason)]}</Mark> },
  { id: "recent", title: span, figure: true, cell: (row) => <>{count(row.recent)} <small>({percent(row.share)})</small></>, value: (row) => row.recent },
  { id: "ever", title: "Ever", figure: true, cell: (row) => count(row.ever), value: (row) => row.ever },
];

/** How sessions ended: lately, and since the process began. */
export function CloseTable({ recent, ever, span }: { recent: Closed; ever: Closed; span: string }) {
  const all = Object.values(recent).reduce((sum, each) => sum + each, 0);
  const rows = Object.keys(ever).map((reason): Row => {
    const some = recent[reason] ?? 0;
    return { reason, recent: some, ever: ever[reason]!, share: all > 0 ? some / all : 0 };
  });
  return (
    <Table
      caption="Sessions that ended, by reason" columns={columns(span)} rows={rows} keyOf={(row) => row.reason}
      sort={{ column: "recent", descending: true }} empty="No session has ended yet."
    />
  );
}
