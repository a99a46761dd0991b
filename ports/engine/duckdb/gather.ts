import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { BUCKET, NOBODY, placedSql } from './buckets.ts';
import { storedModels, type Catalog } from './catalog.ts';
import { columnOf, type Database } from './database.ts';
import { MARK_COLUMNS, NO_DATE_COLUMNS } from './dates.ts';
import { OWNERS } from './owners.ts';
import { planAll, type Plan } from './plan.ts';
import { identifier, literal } from './sql.ts';
import { folderOf, type Staging } from './stage.ts';

// What is made of some people at a time is put by as Parquet until all are done, what is about people or accounts by their buckets: so each bucket
// can be written by itself then, however much all of them are.

/** What of a wave of a rebuild is put by beside its models, and the column its buckets are of. */
const KEPT: Readonly<Record<string, string | undefined>> = {
  kept_objects: 'account',
  kept_records: 'account',
  scope_users: undefined,
  scope_accounts: undefined,
};
export const KEPT_TABLES = Object.keys(KEPT);

const partitionOf = (catalog: Catalog, name: string): string | undefined =>
  KEPT[name] ?? catalog.models.get(name)?.spec.partition;

/** What the name of a table's view ends with that has it by buckets. */
const PUT_BY = 'put by';
/** The wave of what is read before all others. */
const FACTS = 'facts';

/** The folder in which a batch puts by what it makes in waves. */
export const wavesFolder = (staging: Staging): string => folderOf(staging, 'waves');

/** The tables of models a wave puts by: those about nobody are the same in all, and are of the first alone. */
export function tablesOf(catalog: Catalog, plan: Plan, isFirst: boolean): readonly string[] {
  const wanted = new Set(plan.names);
  return storedModels(catalog).flatMap(({ name, spec }) =>
    wanted.has(name) && (isFirst || spec.partition !== undefined) ? [name] : [],
  );
}

interface Put {
  readonly folder: string;
  readonly wave: string;
  readonly name: string;
  readonly partition: string | undefined;
}

async function putBy(database: Database, { folder, wave, name, partition }: Put, select: string): Promise<void> {
  const place = path.join(folder, name);
  await mkdir(place, { recursive: true });
  const write = (rows: string, to: string, options = ''): Promise<void> =>
    database.run(`copy (${rows}) to ${literal(to)} (format parquet${options})`);
  if (partition === undefined) {
    await write(select, path.join(place, `${wave}.parquet`));
    return;
  }
  // Also where nobody has any rows there is a file to know the columns by.
  const typed = path.join(place, `${BUCKET}=${NOBODY}`, 'typed.parquet');
  if (!existsSync(typed)) {
    await mkdir(path.dirname(typed), { recursive: true });
    await write(`select * from (${select}) t where false`, typed);
  }
  const options = `, partition_by (${BUCKET}), filename_pattern '${wave}_{i}', overwrite_or_ignore`;
  await write(placedSql(partition, select), place, options);
}

/** Puts tables of a wave by, until all are done. */
export async function putTablesBy(
  database: Database,
  catalog: Catalog,
  { folder, wave, names }: { readonly folder: string; readonly wave: number; readonly names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    const put = { folder, wave: String(wave), name, partition: partitionOf(catalog, name) };
    await putBy(database, put, `select * from ${identifier(name)}`);
  }
}

/** Puts by everybody's facts, which are read once and before all waves. */
export async function putFactsBy(database: Database, staging: Staging): Promise<void> {
  const put = { folder: wavesFolder(staging), wave: FACTS };
  await putBy(database, { ...put, name: 'kept_objects', partition: 'account' }, 'select * from all_objects');
  const records = `select *, ${NO_DATE_COLUMNS}, ${MARK_COLUMNS} from fresh_records`;
  await putBy(database, { ...put, name: 'kept_records', partition: 'account' }, records);
  await putBy(database, { ...put, name: OWNERS, partition: undefined }, `select * from ${OWNERS}`);
}

/** What was put by of everybody's facts, as a select. */
export function factsPutBy(staging: Staging, name: string): string {
  const place = path.join(wavesFolder(staging), name);
  const files = KEPT[name] === undefined ? [`${FACTS}.parquet`] : ['*/typed.parquet', `*/${FACTS}_*.parquet`];
  const list = files.map((file) => literal(path.join(place, file))).join(', ');
  return `select * from read_parquet([${list}], hive_partitioning = false)`;
}

const putByName = (name: string): string => identifier(`${name} ${PUT_BY}`);

/** Binds what all waves put by under these names, as one table each. */
export async function gatherTables(
  database: Database,
  catalog: Catalog,
  folder: string,
  names: Iterable<string>,
): Promise<void> {
  for (const name of new Set(names)) {
    if (partitionOf(catalog, name) === undefined) {
      const files = literal(path.join(folder, name, '*.parquet'));
      // Who it was about is asked when all that was put by is gone.
      const kind = name.startsWith('scope_') ? 'table' : 'view';
      await database.run(`create or replace temp ${kind} ${identifier(name)} as select * from read_parquet(${files})`);
      continue;
    }
    const files = literal(path.join(folder, name, '*', '*.parquet'));
    const typed = `hive_partitioning = true, hive_types = {'${BUCKET}': varchar}`;
    await database.run(
      `create or replace temp view ${putByName(name)} as select * from read_parquet(${files}, ${typed})`,
    );
    await database.run(
      `create or replace temp view ${identifier(name)} as select * exclude (${BUCKET}) from ${putByName(name)}`,
    );
  }
}

/** The select of a bound table with `BUCKET` for each of those that were put by: asked for one bucket it opens the files of that one alone. */
export async function putByBuckets(database: Database): Promise<ReadonlyMap<string, string>> {
  const bound = `select view_name as name from duckdb_views() where not internal and ends_with(view_name, ' ${PUT_BY}')`;
  const names = await columnOf(database, bound);
  return new Map(names.map((name) => [name.slice(0, -PUT_BY.length - 1), `select * from ${identifier(name)}`]));
}

/** Binds what all waves of a rebuild put by as `publish` expects it: under the names of the tables a batch makes at once. */
export async function gather(database: Database, catalog: Catalog, staging: Staging): Promise<void> {
  const names = [...KEPT_TABLES, OWNERS, ...tablesOf(catalog, planAll(catalog), true)];
  await gatherTables(database, catalog, wavesFolder(staging), names);
  await database.run('create temp view incoming as select raw_key from kept_objects');
}
