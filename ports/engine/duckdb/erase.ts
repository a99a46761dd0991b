import { PortError } from '../../errors.ts';
import type { BatchRequest, Erasure } from '../engine.ts';
import { bucketOf } from './buckets.ts';
import { countDocuments, dropDocuments } from './bronze.ts';
import { countRows, materialize, type Database } from './database.ts';
import {
  currentManifest,
  prepareManifest,
  switchPointer,
  syncPath,
  type StoredFile,
  type StoredTable,
} from './manifest.ts';
import { emptySelect, filesSql } from './source.ts';
import { inList } from './sql.ts';
import { stageTable } from './stage.ts';

/** What an erasure means for one table. */
interface Effect {
  /** A condition on its columns that is true for the rows that go. */
  readonly gone: string;
  /** The files they may be in. */
  readonly files: readonly StoredFile[];
}

/** The account a raw key names. Its form is a contract: a port imports nothing of the app that writes it. */
const accountIn = (key: string): string => key.split('/')[3] ?? '';

/** The documents that go. */
const documentsGone = (erasure: Erasure): string =>
  `(account in ${inList(erasure.accounts)} or raw_key in (select raw_key from erased_keys))`;

/** Undefined for a table that loses nothing. */
function effectOn(table: StoredTable, erasure: Erasure): Effect | undefined {
  const names = new Set(table.columns.map(({ name }) => name));
  if (!names.has('user_id') && !names.has('account')) return undefined;
  const gone = [
    names.has('user_id') ? `coalesce(user_id in ${inList(erasure.users)}, false)` : 'false',
    names.has('account') ? `coalesce(account in ${inList(erasure.accounts)}, false)` : 'false',
    names.has('raw_key') ? 'coalesce(raw_key in (select raw_key from erased_keys), false)' : 'false',
  ].join(' or ');
  const touched =
    table.partition === 'account' ? [...erasure.accounts, ...erasure.keys.map(accountIn)] : [...erasure.users];
  const buckets = new Set(touched.map(bucketOf));
  const files = table.files.filter(
    ({ bucket }) => table.partition === null || (bucket !== null && buckets.has(bucket)),
  );
  return files.length === 0 ? undefined : { gone, files };
}

async function bindKeys(database: Database, erasure: Erasure): Promise<void> {
  await database.run('create temp table erased_keys (raw_key varchar)');
  await database.append(
    'erased_keys',
    erasure.keys.map((key) => [key]),
  );
}

/** Rows an erasure takes out of each published table that loses any. */
export async function countErased(
  database: Database,
  directory: string,
  erasure: Erasure,
): Promise<Readonly<Record<string, number>>> {
  const current = currentManifest(directory);
  const tables = Object.entries(current?.tables ?? {});
  await bindKeys(database, erasure);
  const rows: Record<string, number> = {};
  for (const [name, table] of tables) {
    const effect = effectOn(table, erasure);
    if (effect === undefined) continue;
    const n = await countRows(
      database,
      `select * from (${filesSql(directory, table, effect.files)}) t where ${effect.gone}`,
    );
    if (n > 0) rows[name] = n;
  }
  const documents = await countDocuments(database, directory, current?.documents ?? [], documentsGone(erasure));
  if (documents > 0) rows['documents'] = documents;
  return rows;
}

/** Publishes the tables without the erased rows; the files of everybody else are those of before. Nothing to take out: nothing is written. */
export async function erase(
  database: Database,
  directory: string,
  erasure: Erasure,
  batch: Pick<BatchRequest, 'batchId' | 'now' | 'commit'>,
): Promise<void> {
  const current = currentManifest(directory);
  if (current === undefined) return;
  await bindKeys(database, erasure);
  const tables: Record<string, StoredTable> = { ...current.tables };
  const staging = { directory, batchId: batch.batchId, now: batch.now };
  let changed = false;
  for (const [name, table] of Object.entries(current.tables)) {
    const effect = effectOn(table, erasure);
    if (effect === undefined) continue;
    const losing: StoredFile[] = [];
    for (const file of effect.files) {
      const found = `select 1 from (${filesSql(directory, table, [file])}) t where ${effect.gone} limit 1`;
      if ((await countRows(database, found)) > 0) losing.push(file);
    }
    if (losing.length === 0) continue;
    changed = true;
    // One file is written whole; of others those that lose rows are written without them.
    const isOne = table.partition === null;
    const left = isOne ? filesSql(directory, table, losing) : emptySelect(table.columns);
    await materialize(database, 'left_rows', `select * from (${left}) t where not (${effect.gone})`);
    const staged = await stageTable(database, staging, {
      name,
      rows: 'left_rows',
      partition: table.partition,
      previous: table,
      replaced: { isIn: (file) => losing.includes(file), where: effect.gone },
    });
    tables[name] = { ...staged, ...(table.version === undefined ? {} : { version: table.version }) };
  }
  const documents = await dropDocuments(database, staging, current.documents, documentsGone(erasure));
  if (!changed && documents === undefined) return;
  await prepareManifest(directory, {
    ...current,
    batch_id: batch.batchId,
    previous: null,
    tables,
    documents: [...(documents ?? current.documents)],
  });
  if (!(await batch.commit(() => switchPointer(directory)))) {
    throw new PortError('lease_lost', 'another batch took over before this one could publish', {
      remedy: 'Nothing was published; start again.',
    });
  }
  await syncPath(directory);
}
