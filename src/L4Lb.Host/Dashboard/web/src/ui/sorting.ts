/** What a column is sorted by; null comes last either way. */
export type SortValue = string | number | null;

/** Which column, and which way. */
export interface Sort {
  column: string;
  descending: boolean;
}

const kept = new Map<string, string>();
const KEPT_MOST = 200_000;

/** A text by which names with numbers are in the order that people expect: web-2 before web-10, 10.0.0.9 before 10.0.0.10. */
export function natural(text: string): string {
  let key = kept.get(text);
  if (key === undefined) {
    key = text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
    if (kept.size >= KEPT_MOST) kept.clear();
    kept.set(text, key);
  }
  return key;
}

/** The rows in order; those that are alike keep theirs. */
export function sorted<T>(rows: readonly T[], value: (row: T) => SortValue, descending: boolean): T[] {
  const way = descending ? -1 : 1;
  return rows
    .map((row) => {
      const by = value(row);
      return { row, by: typeof by === "string" ? natural(by) : by };
    })
    .sort((a, b) => {
      if (a.by === b.by) return 0;
      if (a.by === null) return 1;
      if (b.by === null) return -1;
      return a.by < b.by ? -way : way;
    })
    .map(({ row }) => row);
}

/** Rows that have every word of a filter somewhere. */
export function filtered<T>(rows: readonly T[], filter: string, textOf: (row: T) => string): readonly T[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
