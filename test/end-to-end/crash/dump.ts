import type { Console } from '../../../ports/warehouse/warehouse.ts';

/** Columns that record our own work may differ between two ways to the same tables, and so may the history of batches. */
const OUR_WORK = ['received_at', 'received_ms', 'updated_at', 'first_seen', 'batch_id', 'delivery_id', 'model_version'];

/** Every row of every stored table as text, in a fixed order, read by one query: whatever it shows was there at once. */
export async function dump(console: Console): Promise<readonly string[]> {
  const columns = await console.query(
    `select view_name as name, string_agg('"' || column_name || '"', ', ' order by column_index) as columns
     from duckdb_views() join duckdb_columns() on table_name = view_name
     where not duckdb_views.internal and view_name <> 'batches'
       and column_name not in (${OUR_WORK.map((name) => `'${name}'`).join(', ')})
     group by 1 order by 1`,
  );
  const selects = columns.rows.map(({ name, columns: list }) => {
    const table = String(name);
    return `select '${table}' as name, cast(to_json(t) as varchar) as row from (select ${String(list)} from "${table}") t`;
  });
  const { rows } = await console.query(`${selects.join(' union all ')} order by 1, 2`);
  return rows.map(({ name, row }) => `${String(name)} ${String(row)}`);
}

/** Rows that only one of two dumps has, marked `-` for the expected and `+` for the other, shortened: the whole would fill pages. */
export function differences(expected: readonly string[], found: readonly string[]): readonly string[] {
  const [before, after] = [new Set(expected), new Set(found)];
  const missing = expected.filter((row) => !after.has(row)).map((row) => `- ${row.slice(0, 300)}`);
  const strange = found.filter((row) => !before.has(row)).map((row) => `+ ${row.slice(0, 300)}`);
  const counts = expected.length === found.length ? [] : [`${expected.length} rows, and now ${found.length}`];
  return [...counts, ...missing.slice(0, 10), ...strange.slice(0, 10)];
}
