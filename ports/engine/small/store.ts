import { rm, stat } from 'node:fs/promises';
import type { DataFile } from '../../iceberg/iceberg.ts';
import { countRows, materialize, type Database } from '../duckdb/database.ts';
import { duckdbType } from '../duckdb/spec.ts';
import { identifier, literal } from '../duckdb/sql.ts';
import { cut, type Part } from './cut.ts';
import { changesOf, findChanges, sameGrain } from './diff.ts';
import { selectOf, type Held, type LocalFile } from './held.ts';
import { eachOf, type Lake } from './lake.ts';

/** Throws when this run may no longer write. */
export type Guard = () => Promise<void>;

const NEXT = 'next_rows';

/** Binds all rows the touched partitions are to hold: those that stay, and the new ones with what only others know of them. */
async function bindNext(
  database: Database,
  { layout, table, files }: Held,
  touched: readonly LocalFile[],
): Promise<void> {
  const changes = identifier(changesOf(layout.name));
  const stored = `(${selectOf({ layout, table, files }, touched)})`;
  const known = new Set(Object.keys(layout.columns));
  const cells = table.columns.map(({ name, type }) => {
    const cell = identifier(name);
    return known.has(name) ? `c.${cell}` : `cast(s.${cell} as ${duckdbType(type)}) as ${cell}`;
  });
  await materialize(
    database,
    NEXT,
    `select s.* from ${stored} s anti join ${changes} c on ${sameGrain(layout.grain, 's', 'c')}
     union all by name
     select ${cells.join(', ')} from (select * from ${changes} where op = 'put') c
     left join ${stored} s on ${sameGrain(layout.grain, 's', 'c')}`,
  );
}

/** Writes the rows of one partition as Parquet on this machine. */
async function writePart(
  database: Database,
  lake: Lake,
  { table }: Held,
  { partition, where }: Part,
): Promise<LocalFile> {
  const local = lake.fresh();
  const cells = table.columns.map(({ name, type }) => {
    const cell = identifier(name);
    return type === 'timestamp' ? `timezone('UTC', ${cell}) as ${cell}` : cell;
  });
  const ids = table.columns.map(({ id, name }) => `${identifier(name)}: ${id}`).join(', ');
  await database.run(
    `copy (select ${cells.join(', ')} from ${NEXT} where ${where}) to ${literal(local)}
     (format parquet, compression zstd, field_ids {${ids}})`,
  );
  const rows = await countRows(database, `select 1 from ${NEXT} where ${where}`);
  const { size: bytes } = await stat(local);
  return { path: lake.catalog.place(table, partition), partition, rows, bytes, local };
}

/** The partitions `changes_<name>` takes rows from or puts rows into. */
async function touchedBy(database: Database, { layout, table }: Held): Promise<ReadonlySet<number | null>> {
  const changes = identifier(changesOf(layout.name));
  await materialize(database, 'left_rows', `select was from ${changes} where stored`);
  await materialize(database, 'came_rows', `select * from ${changes} where op = 'put'`);
  const parts = [
    ...(await cut(database, table.partition, 'left_rows', 'was')),
    ...(await cut(database, table.partition, 'came_rows')),
  ];
  return new Set(parts.map(({ partition }) => partition));
}

const fileOf = ({ path, partition, rows, bytes }: LocalFile): DataFile => ({ path, partition, rows, bytes });

/** Applies `changes_<name>` by one commit, which writes the touched partitions anew; call it only when there are any. */
export async function storeChanges(database: Database, lake: Lake, held: Held, guard: Guard): Promise<void> {
  const touched = await touchedBy(database, held);
  const removed = held.files.filter(({ partition }) => touched.has(partition));
  await bindNext(database, held, removed);
  const added: LocalFile[] = [];
  if ((await countRows(database, `select 1 from ${NEXT}`)) > 0) {
    for (const part of await cut(database, held.table.partition, NEXT))
      added.push(await writePart(database, lake, held, part));
  }
  await database.run(`drop table ${NEXT}`);
  await guard();
  await eachOf(added, async ({ local, path }) => {
    await lake.place.send(local, path);
    await rm(local);
  });
  await guard();
  await lake.catalog.commit(held.table, { removed: removed.map(fileOf), added: added.map(fileOf) });
}

/** Makes the rows of `scope` be these and answers how many changed; without a change there is no commit. */
export async function put(
  database: Database,
  lake: Lake,
  held: Held,
  wanted: string,
  { scope = 'true', guard }: { readonly scope?: string; readonly guard: Guard },
): Promise<number> {
  const changed = await findChanges(database, held, wanted, scope);
  if (changed > 0) await storeChanges(database, lake, held, guard);
  return changed;
}
