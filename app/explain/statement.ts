import type { Cell, NamedQuery } from '../../ports/warehouse/warehouse.ts';
import { textOf } from '../cells.ts';
import type { ColumnType, Table } from '../lineage.ts';

/** What a row has to be, in SQL over columns of the catalogue; `values` are bound, each under a name no other condition has. */
export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, Cell>>;
}

// Names come from the models and are quoted, because some are words of SQL; values are bound as text and cast, so that both engines compare alike.
const quoted = (name: string): string => `"${name}"`;

const casts: Readonly<Partial<Record<ColumnType, string>>> = {
  date: 'date',
  timestamp: 'timestamp',
  int: 'bigint',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
};

/** A cell as both engines cast it: `2026-03-02 09:00:00.000` in the place of ISO 8601. */
function bound(type: ColumnType, cell: Cell): string {
  const text = textOf(cell);
  return type === 'timestamp' ? new Date(text).toISOString().replace('T', ' ').replace('Z', '') : text;
}

function compared(table: Table, column: string, sign: '=' | '>=' | '<=', cell: Cell, name: string): Condition {
  const type = table.columns[column] ?? 'text';
  const cast = casts[type];
  const place = cast === undefined ? `$${name}` : `cast($${name} as ${cast})`;
  return { sql: `${quoted(column)} ${sign} ${place}`, values: { [name]: bound(type, cell) } };
}

/** The column holds this cell. Of a text nothing and the empty one are the same: neither can be told from the other in a key. */
export function holds(table: Table, column: string, cell: Cell): Condition {
  if (cell === '') return { sql: `coalesce(${quoted(column)}, '') = ''`, values: {} };
  if (cell === null) return { sql: `${quoted(column)} is null`, values: {} };
  return compared(table, column, '=', cell, `is_${column}`);
}

/** The column holds one of these. */
export function holdsOneOf(table: Table, column: string, cells: readonly Cell[]): Condition {
  const some = cells.map((cell, index) => compared(table, column, '=', cell, `one_${index}_${column}`));
  return {
    sql: `(${some.map(({ sql }) => sql).join(' or ')})`,
    values: Object.assign({}, ...some.map(({ values }) => values)),
  };
}

/** The local day of the row lies in these days, both included. */
export function within(table: Table, first: string, last: string): Condition {
  const ends = [
    compared(table, 'local_date', '>=', first, 'first_day'),
    compared(table, 'local_date', '<=', last, 'last_day'),
  ];
  return {
    sql: ends.map(({ sql }) => sql).join(' and '),
    values: Object.assign({}, ...ends.map(({ values }) => values)),
  };
}

/** The row is this person's (or nobody's, for the owner who looks at what belongs to nobody). */
export function belongsTo(userId: string | null, orToNobody = false): Condition {
  const nobody = `${quoted('user_id')} is null`;
  if (userId === null) return { sql: nobody, values: {} };
  const own = `${quoted('user_id')} = $whose`;
  return { sql: orToNobody ? `(${own} or ${nobody})` : own, values: { whose: userId } };
}

/** The first `most` rows of a table that meet all conditions, the newest day first; each with `explain_total`, how many there are. */
export function selectRows(
  table: Table,
  conditions: readonly Condition[],
  most: number,
): { readonly query: NamedQuery; readonly values: Readonly<Record<string, Cell>> } {
  const newest = table.columns['local_date'] === undefined ? [] : ['"local_date" desc nulls last'];
  const order = [...newest, ...table.grain.map((column) => `${quoted(column)} nulls last`)].join(', ');
  const text = `select * from (
  select t.*, row_number() over (order by ${order}) as explain_place, count(*) over () as explain_total
  from ${quoted(table.name)} t
  where ${conditions.map(({ sql }) => sql).join('\n    and ')}
) placed
where explain_place <= ${most}
order by explain_place`;
  return {
    query: { name: `explain.${table.name}`, sql: text },
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
  };
}
