import { PortError } from '../../errors.ts';
import type { BatchRequest, Erasure } from '../engine.ts';
import { countDocuments, dropDocuments } from './bronze.ts';
import { materialize, type Database } from './database.ts';
import { currentManifest, prepareManifest, switchPointer, syncPath, type StoredTable } from './manifest.ts';
import { sourceSql } from './source.ts';
import { inList } from './sql.ts';
import { stageTable } from './stage.ts';

/** What an erasure means for one table. */
interface Effect {
  /** Partitions that lose rows; empty for a table that is one file. */
  readonly partitions: ReadonlySet<string>;
  /** Of those partitions, or of the whole table: the rows that stay, and all there are. */
  readonly stay: string;
  readonly all: string;
}

/** The account a raw key names. Its form is a contract: a port imports nothing of the app that writes it. */
const accountIn = (key: string): string => key.split('/')[3] ?? '';

/** The documents that go. */
const documentsGone = (erasure: Erasure): string =>
  `(account in ${inList(erasure.accounts)} or raw_key in (select raw_key from erased_keys))`;

/** Undefined for a table that loses nothing. */
function effectOn(directory: string, table: StoredTable, erasure: Erasure): Effect | undefined {
  const names = new Set(table.columns.map(({ name }) => name));
  const gone = [
    names.has('user_id') ? `coalesce(user_id in ${inList(erasure.users)}, false)` : 'false',
    names.has('account') ? `coalesce(account in ${inList(erasure.accounts)}, false)` : 'false',
    names.has('raw_key') ? 'coalesce(raw_key in (select raw_key from erased_keys), false)' : 'false',
  ].join(' or ');
  const touched =
    table.partition === 'account' ? [...erasure.accounts, ...erasure.keys.map(accountIn)] : [...erasure.users];
  const there = new Set(table.files.map(({ partition }) => partition ?? ''));
  const partitions = new Set(table.partition === null ? [] : touched.filter((value) => there.has(value)));
  if (table.partition !== null && partitions.size === 0) return undefined;
  if (table.partition === null && !names.has('user_id') && !names.has('account')) return undefined;
  const all = table.partition === null ? sourceSql(directory, table) : sourceSql(directory, table, partitions);
  return { partitions, all, stay: `select * from (${all}) t where not (${gone})` };
}

const count = async (database: Database, select: string): Promise<number> =>
  Number((await database.rows(`select count(*) as n from (${select}) t`))[0]?.['n'] ?? 0);

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
    const effect = effectOn(directory, table, erasure);
    if (effect === undefined) continue;
    const n = (await count(database, effect.all)) - (await count(database, effect.stay));
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
  batch: Pick<BatchRequest, 'batchId' | 'commit'>,
): Promise<void> {
  const current = currentManifest(directory);
  if (current === undefined) return;
  await bindKeys(database, erasure);
  const tables: Record<string, StoredTable> = { ...current.tables };
  let changed = false;
  for (const [name, table] of Object.entries(current.tables)) {
    const effect = effectOn(directory, table, erasure);
    if (effect === undefined) continue;
    await materialize(database, 'staying', effect.stay);
    const stays = await count(database, 'select * from staying');
    if (stays === (await count(database, effect.all))) continue;
    changed = true;
    const staging = { directory, batchId: batch.batchId };
    const { partition } = table;
    const staged = { name, rows: 'staying', partition, previous: table, replaced: effect.partitions };
    tables[name] = await stageTable(database, staging, staged);
  }
  const staging = { directory, batchId: batch.batchId };
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
