import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { storedModels, type Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import { MARK_COLUMNS } from './dates.ts';
import { OWNERS } from './owners.ts';
import { planAll, type Plan } from './plan.ts';
import { identifier, literal } from './sql.ts';
import { folderOf, type Staging } from './stage.ts';

/** What of a wave of a rebuild is put by beside its models. */
export const KEPT = ['kept_objects', 'kept_records', 'scope_users', 'scope_accounts'];

/** The folder in which a batch puts by what it makes in waves. */
export const wavesFolder = (staging: Staging): string => folderOf(staging, 'waves');

/** The tables of models a wave puts by: those about nobody are the same in all, and are of the first alone. */
export function tablesOf(catalog: Catalog, plan: Plan, isFirst: boolean): readonly string[] {
  const wanted = new Set(plan.names);
  return storedModels(catalog).flatMap(({ name, spec }) =>
    wanted.has(name) && (isFirst || spec.partition !== undefined) ? [name] : [],
  );
}

async function putBy(database: Database, folder: string, wave: string, name: string, select: string): Promise<void> {
  const file = path.join(folder, name, `${wave}.parquet`);
  await mkdir(path.dirname(file), { recursive: true });
  await database.run(`copy (${select}) to ${literal(file)} (format parquet)`);
}

/** Puts tables of a wave by, until all are done. */
export async function putTablesBy(
  database: Database,
  folder: string,
  wave: number,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await putBy(database, folder, String(wave), name, `select * from ${identifier(name)}`);
}

/** Puts by everybody's facts, which are read once and before all waves. */
export async function putFactsBy(database: Database, staging: Staging): Promise<void> {
  const folder = wavesFolder(staging);
  await putBy(database, folder, 'facts', 'kept_objects', 'select * from all_objects');
  await putBy(database, folder, 'facts', 'kept_records', `select *, ${MARK_COLUMNS} from fresh_records`);
  await putBy(database, folder, 'facts', OWNERS, `select * from ${OWNERS}`);
}

/** What was put by of everybody's facts, as a select. */
export const factsPutBy = (staging: Staging, name: string): string =>
  `select * from read_parquet(${literal(path.join(wavesFolder(staging), name, 'facts.parquet'))})`;

/** Binds what all waves put by under these names, as one table each. */
export async function gatherTables(database: Database, folder: string, names: Iterable<string>): Promise<void> {
  for (const name of new Set(names)) {
    const files = literal(path.join(folder, name, '*.parquet'));
    // Who it was about is asked when all that was put by is gone.
    const kind = name.startsWith('scope_') ? 'table' : 'view';
    await database.run(
      `create or replace temp ${kind} ${identifier(name)} as select * from read_parquet(${files}, union_by_name = true)`,
    );
  }
}

/** Binds what all waves of a rebuild put by as `publish` expects it: under the names of the tables a batch makes at once. */
export async function gather(database: Database, catalog: Catalog, staging: Staging): Promise<void> {
  await gatherTables(database, wavesFolder(staging), [...KEPT, OWNERS, ...tablesOf(catalog, planAll(catalog), true)]);
  await database.run('create temp view incoming as select raw_key from kept_objects');
}
