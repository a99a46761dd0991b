import { countRows, materialize, type Database } from '../duckdb/database.ts';
import { duckdbType } from '../duckdb/spec.ts';
import { identifier } from '../duckdb/sql.ts';
import { selectOf, type Held } from './held.ts';

/** Columns that record our own work: a row that differs in nothing else has not changed. */
const OUR_WORK = ['updated_at', 'batch_id', 'model_version'];

export const isOurWork = (column: string): boolean => OUR_WORK.includes(column);

/** The table a diff binds. */
export function changesOf(name: string): string {
  return `changes_${name}`;
}

/** `a` and `b` have the same grain; nulls are equal. */
export function sameGrain(grain: readonly string[], a: string, b: string): string {
  return grain.map((name) => `${a}.${identifier(name)} is not distinct from ${b}.${identifier(name)}`).join(' and ');
}

/**
 * Binds `changes_<name>`: how `wanted` (a select) differs from what is stored where `scope` holds. Its columns are those of the layout as they are
 * to be (of a row that is gone: as they were), `op` (`put` or `gone`), and `was`, the stored value of the column rows are spread by, of rows that are
 * `stored`. Answers how many there are.
 */
export async function findChanges(database: Database, held: Held, wanted: string, scope = 'true'): Promise<number> {
  const { layout, table } = held;
  const names = Object.keys(layout.columns);
  const listed = names.map(identifier).join(', ');
  const compared = names.filter((name) => !layout.grain.includes(name) && !isOurWork(name)).map(identifier);
  const differ = ['n.there is null', 'o.there is null', ...compared.map((c) => `n.${c} is distinct from o.${c}`)];
  const cells = Object.entries(layout.columns).map(([name, type]) => {
    const cell = identifier(name);
    return `cast(case when n.there is null then o.${cell} else n.${cell} end as ${duckdbType(type)}) as ${cell}`;
  });
  const was = table.partition === null ? 'null' : `o.${identifier(table.partition.column)}`;
  await materialize(
    database,
    changesOf(layout.name),
    `select ${cells.join(', ')}, case when n.there is null then 'gone' else 'put' end as op,
       o.there is not null as stored, ${was} as was
     from (select ${listed}, true as there from (${wanted}) w) n
     full join (select ${listed}, true as there from (${selectOf(held)}) s where ${scope}) o on ${sameGrain(layout.grain, 'n', 'o')}
     where ${differ.join(' or ')}`,
  );
  return countRows(database, `select 1 from ${identifier(changesOf(layout.name))}`);
}
