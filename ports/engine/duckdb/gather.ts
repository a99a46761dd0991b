import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { storedModels, type Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import { MARK_COLUMNS } from './dates.ts';
import { identifier, literal } from './sql.ts';
import type { Staging } from './stage.ts';

/** What of a wave is put by beside its models. */
const ENGINE = ['kept_objects', 'kept_records', 'scope_users', 'scope_accounts'];

const folderOf = (staging: Staging): string => path.join(staging.directory, 'staging', staging.batchId, 'waves');

/** Tables of a wave: those about nobody are the same in all, and are of the first alone. */
const tablesOf = (catalog: Catalog, isFirst: boolean): readonly string[] =>
  storedModels(catalog).flatMap(({ name, spec }) => (isFirst || spec.partition !== undefined ? [name] : []));

async function putBy(database: Database, staging: Staging, wave: string, name: string, select: string): Promise<void> {
  const file = path.join(folderOf(staging), name, `${wave}.parquet`);
  await mkdir(path.dirname(file), { recursive: true });
  await database.run(`copy (${select}) to ${literal(file)} (format parquet)`);
}

/** Puts by what a wave made, until all are done. */
export async function putWaveBy(database: Database, catalog: Catalog, staging: Staging, wave: number): Promise<void> {
  for (const name of [...ENGINE, ...tablesOf(catalog, wave === 0)])
    await putBy(database, staging, String(wave), name, `select * from ${identifier(name)}`);
}

/** Puts by everybody's facts, which are read once and before all waves. */
export async function putFactsBy(database: Database, staging: Staging): Promise<void> {
  await putBy(database, staging, 'facts', 'kept_objects', 'select * from all_objects');
  await putBy(database, staging, 'facts', 'kept_records', `select *, ${MARK_COLUMNS} from fresh_records`);
  await putBy(database, staging, 'facts', 'account_owners', 'select * from account_owners');
}

/** What was put by of everybody's facts, as a select. */
export const factsPutBy = (staging: Staging, name: string): string =>
  `select * from read_parquet(${literal(path.join(folderOf(staging), name, 'facts.parquet'))})`;

/** Binds what all waves put by as `publish` expects it: views under the names of the tables a batch makes at once. */
export async function gather(database: Database, catalog: Catalog, staging: Staging): Promise<void> {
  const names = [...ENGINE, 'account_owners', ...tablesOf(catalog, true)];
  for (const name of new Set(names)) {
    const files = literal(path.join(folderOf(staging), name, '*.parquet'));
    // Who it was about is asked when all that was put by is gone.
    const kind = name.startsWith('scope_') ? 'table' : 'view';
    await database.run(
      `create or replace temp ${kind} ${identifier(name)} as select * from read_parquet(${files}, union_by_name = true)`,
    );
  }
  await database.run('create temp view incoming as select raw_key from kept_objects');
}
