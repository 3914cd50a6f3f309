import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count } from "../format";
import { type Sort, type SortValue, sorted } from "./sorting";

/** A column. */
export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ComponentChildren;
  /** What it is sorted by; without, it is not. */
  value?: (row: T) => SortValue;
  /** Figures stand at the end of their cell, and are sorted from the largest on. */
  figure?: boolean;
  /** Names the row. */
  names?: boolean;
  /** Is a sentence, which takes the room that there is. */
  sentence?: boolean;
  /** Has what can be done, and no words of its own on a narrow screen. */
  acts?: boolean;
}

interface TableProps<T> {
  /** What it is, for who does not see it. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  sort?: Sort;
  /** Said when there are no rows. */
  empty: ComponentChildren;
  /** Most rows of a page. */
  pageSize?: number;
}

const PAGE = 50;

/** Rows in an order that people choose, a page at a time: ten thousand are as quick as ten. */
export function Table<T>({ caption, columns, rows, keyOf, sort, empty, pageSize = PAGE }: TableProps<T>) {
  const [order, setOrder] = useState<Sort | null>(sort ?? null);
  const [page, setPage] = useState(0);
  const by = columns.find((column) => column.id === order?.column)?.value;
  const all = by === undefined ? rows : sorted(rows, by, order?.descending ?? false);
  const last = Math.max(Math.ceil(all.length / pageSize) - 1, 0);
  const at = Math.min(page, last);
  const shown = all.slice(at * pageSize, (at + 1) * pageSize);
  const choose = (column: Column<T>): void => {
    setPage(0);
    setOrder({ column: column.id, descending: order?.column === column.id ? !order.descending : column.figure === true });
  };
  if (rows.length === 0) return <div class="empty">{empty}</div>;
  return (
    <>
      {rows.length > 1 && columns.some((column) => column.value) && <SortChoice columns={columns} order={order} choose={choose} />}
      <div class="table-frame">
        <table role="table">
          <caption class="unseen">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => <Heading key={column.id} column={column} order={order} choose={() => choose(column)} />)}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.map((row) => (
              <tr key={keyOf(row)} role="row">
                {columns.map((column) => <Cell key={column.id} column={column} row={row} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all.length > pageSize && (
        <Pager first={at * pageSize + 1} shown={shown.length} total={all.length} page={at} last={last} go={setPage} />
      )}
    </>
  );
}

function Heading<T>({ column, order, choose }: { column: Column<T>; order: Sort | null; choose: () => void }) {
  const mine = order?.column === column.id;
  const state = mine ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" role="columnheader" class={column.figure ? "figure" : ""} {...(column.value ? { "aria-sort": state } : {})}>
      {column.value
        ? <button type="button" class="sort" onClick={choose}>{column.title}<span aria-hidden="true" class="arrow">{mine ? (order.descending ? "▼" : "▲") : ""}</span></button>
        : column.acts ? <span class="unseen">{column.title}</span> : column.title}
    </th>
  );
}

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const kind = column.figure ? "figure" : column.acts ? "acts" : column.sentence ? "sentence" : "";
  return column.names
    ? <th scope="row" role="rowheader" data-label={column.title}>{column.cell(row)}</th>
    : <td role="cell" class={kind} data-label={column.title}><div class="value">{column.cell(row)}</div></td>;
}

/** On a narrow screen there are no headings to press. */
function SortChoice<T>({ columns, order, choose }: { columns: readonly Column<T>[]; order: Sort | null; choose: (column: Column<T>) => void }) {
  return (
    <div class="sort-choice">
      <label>
        Sort by{" "}
        <select
          value={order?.column ?? ""}
          onChange={(e) => {
            const column = columns.find((one) => one.id === e.currentTarget.value);
            if (column !== undefined) choose(column);
          }}
        >
          {order === null && <option value="">as they come</option>}
          {columns.filter((column) => column.value).map((column) => <option key={column.id} value={column.id}>{column.title}</option>)}
        </select>
      </label>
      {order !== null && (
        <button type="button" onClick={() => choose(columns.find((one) => one.id === order.column)!)}>
          {order.descending ? "descending" : "ascending"}
        </button>
      )}
    </div>
  );
}

interface PagerProps {
  first: number;
  shown: number;
  total: number;
  page: number;
  last: number;
  go: (page: number) => void;
}

function Pager({ first, shown, total, page, last, go }: PagerProps) {
  return (
    <nav class="pager" aria-label="Pages of the table">
      <button type="button" disabled={page === 0} onClick={() => go(0)}>First</button>
      <button type="button" disabled={page === 0} onClick={() => go(page - 1)}>Previous</button>
      <span class="figures">{count(first)}–{count(first + shown - 1)} of {count(total)}</span>
      <button type="button" disabled={page === last} onClick={() => go(page + 1)}>Next</button>
      <button type="button" disabled={page === last} onClick={() => go(last)}>Last</button>
    </nav>
  );
}
