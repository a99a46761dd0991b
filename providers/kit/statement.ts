import { type DateRange, monthsOf } from './dates.ts';

/** One row of a file of dated rows, cells by column name. */
export interface DatedRow {
  readonly date: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** One raw object of a statement: its JSON text, and the dates it covers where the file states a range. */
export interface Chunk {
  readonly text: string;
  readonly coversFrom?: string;
  readonly coversTo?: string;
}

/** What one chunk may hold, with room left for the envelope around it (an object is at most 5 MB). */
const ROWS_BYTES = 4_900_000;

/**
 * Cuts dated rows into one chunk per calendar month: `{…frozen,"from","to","rows":[…]}`.
 * With a stated `range` every month of it gets a chunk, also an empty one, because "nothing here" is part of the statement;
 * the range is frozen into the data, so that the same rows stated about other dates are other bytes.
 * Without one a chunk covers exactly the dates it holds. A month too big for one object goes on in pages.
 */
export function chunksByMonth(
  rows: readonly DatedRow[],
  frozen: Readonly<Record<string, string>>,
  range: DateRange | undefined,
): readonly Chunk[] {
  const byMonth = new Map<string, DatedRow[]>();
  for (const row of rows) {
    const month = row.date.slice(0, 7);
    const there = byMonth.get(month);
    if (there === undefined) byMonth.set(month, [row]);
    else there.push(row);
  }
  if (range !== undefined) {
    return monthsOf(range).flatMap((month) => {
      const data = { ...frozen, from: month.from, to: month.to };
      return pages(byMonth.get(month.from.slice(0, 7)) ?? []).map((page, index) => ({
        text: chunkText(data, page, index),
        coversFrom: month.from,
        coversTo: month.to,
      }));
    });
  }
  const months = [...byMonth].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return months.flatMap(([, held]) => pages(held).map((page, index) => ({ text: chunkText(frozen, page, index) })));
}

function chunkText(data: Readonly<Record<string, string>>, rows: readonly string[], page: number): string {
  const head = JSON.stringify(page === 0 ? data : { ...data, page: String(page + 1) });
  return `${head.slice(0, -1)}${head === '{}' ? '' : ','}"rows":[${rows.join(',')}]}`;
}

function pages(rows: readonly DatedRow[]): readonly (readonly string[])[] {
  const first: string[] = [];
  const all = [first];
  let page = first;
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row.cells);
    const size = Buffer.byteLength(text) + 1;
    if (page.length > 0 && bytes + size > ROWS_BYTES) {
      page = [];
      all.push(page);
      bytes = 0;
    }
    page.push(text);
    bytes += size;
  }
  return all;
}
