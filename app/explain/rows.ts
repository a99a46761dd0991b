import type { Edge } from '../../ports/lineage.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { numberOf, textOf } from '../cells.ts';
import { addDays } from '../days.ts';
import type { Table } from '../lineage.ts';
import type { Runtime } from '../runtime.ts';
import { belongsTo, type Condition, holds, holdsOneOf, selectRows, within } from './statement.ts';

/** How many rows of one table an explanation shows; it says of how many. */
export const MOST_ROWS = 200;

/** Rows of one table; `total` may be more than there are. */
export interface Rows {
  readonly table: Table;
  readonly rows: readonly Row[];
  readonly total: number;
}

/** The rows of a table that meet all conditions, the newest days first and at most `most`. */
export async function readRows(
  { warehouse }: Pick<Runtime, 'warehouse'>,
  table: Table,
  conditions: readonly Condition[],
  most: number,
): Promise<Rows> {
  const { query, values } = selectRows(table, conditions, most);
  const found = await warehouse.run(query, values);
  return {
    table,
    rows: found.map(({ explain_place: _place, explain_total: _total, ...row }) => row),
    total: numberOf(found[0]?.['explain_total']) ?? 0,
  };
}

/** The rows of `from` that a row was made from; none where it holds no date to count the days from. */
export async function follow(
  runtime: Pick<Runtime, 'warehouse'>,
  edge: Edge,
  { table, row, from }: { readonly table: Table; readonly row: Row; readonly from: Table },
): Promise<Rows> {
  if (edge.days !== undefined && row[edge.days.of] == null) return { table: from, rows: [], total: 0 };
  return readRows(runtime, from, conditionsOf(edge, { table, row }, from), MOST_ROWS);
}

/**
 * What leads from a row over an edge. Rows of another person never do: where both tables know whose a row is it is the same person,
 * and only an object that is named by its key may be nobody's (what a person says of themself is).
 */
function conditionsOf(edge: Edge, { table, row }: { readonly table: Table; readonly row: Row }, from: Table) {
  const columns = Object.entries(edge.on);
  const conditions: Condition[] = columns.map(([mine, theirs]) => holds(from, theirs, row[mine] ?? null));
  for (const [column, cells] of Object.entries(edge.where)) conditions.push(holdsOneOf(from, column, cells));
  if (edge.days !== undefined) {
    const day = textOf(row[edge.days.of]).slice(0, 10);
    conditions.push(within(from, addDays(day, edge.days.first), addDays(day, edge.days.last)));
  }
  const bothKnow = [table, from].every((one) => one.columns['user_id'] !== undefined);
  const isNamed = columns.some(([, theirs]) => theirs === 'raw_key');
  if (bothKnow) conditions.push(belongsTo(textOf(row['user_id']) || null, isNamed));
  return conditions;
}
