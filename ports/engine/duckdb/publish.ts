import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { BatchRequest, BatchResult } from '../engine.ts';
import { PortError } from '../../errors.ts';
import { checkColumns, runAudits } from './audits.ts';
import { mergeDocuments, stageDocuments } from './bronze.ts';
import { appendBatch, BATCH_COLUMNS, countBatch } from './batches.ts';
import { storedModels, type Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import {
  prepareManifest,
  switchPointer,
  syncPath,
  type DocumentFile,
  type Manifest,
  type StoredTable,
} from './manifest.ts';
import { OWNERS } from './owners.ts';
import type { Plan } from './plan.ts';
import { emptySelect, sourceSql } from './source.ts';
import { stageTable } from './stage.ts';

/** A batch that is computed and not yet told. */
export interface Publication {
  readonly directory: string;
  readonly request: BatchRequest;
  /** The published manifest, whose history goes on. */
  readonly current: Manifest | undefined;
  /** The manifest whose files of people out of scope are kept; undefined when this batch replaces everything before. */
  readonly kept: Manifest | undefined;
  readonly everybody: boolean;
  /** What was computed; the tables of all others stay as they are. */
  readonly plan: Plan;
  /** The documents kept, where waves of a rebuild have put all else by: objects and records are bound as they are to be stored. */
  readonly documents?: readonly DocumentFile[];
  readonly finishedMs: () => number;
}

const rowsOf = (table: StoredTable): number => table.files.reduce((sum, file) => sum + file.rows, 0);

async function texts(database: Database, sql: string): Promise<ReadonlySet<string>> {
  return new Set((await database.rows(sql)).map((row) => String(Object.values(row)[0])));
}

/** Binds what the engine itself keeps: objects and records of the accounts whose objects were read now. */
export async function bindKept(
  database: Database,
  kept: Manifest | undefined,
  directory: string,
): Promise<ReadonlySet<string>> {
  const accounts = await texts(database, `select distinct account from all_objects semi join incoming using (raw_key)`);
  const old = kept?.tables['records'];
  const records = old === undefined ? 'select * from fresh_records' : sourceSql(directory, old, accounts);
  const mine = 'account in (select account from all_objects semi join incoming using (raw_key))';
  await materialize(database, 'kept_objects', `select * from all_objects where ${mine}`);
  await materialize(
    database,
    'kept_records',
    `select * from (${records}) k where raw_key not in (select raw_key from incoming) union all select * from fresh_records`,
  );
  return accounts;
}

/** The partitions a table's new rows replace, and the manifest whose other partitions stay. */
interface Scope {
  readonly replaced: ReadonlySet<string>;
  readonly kept: Manifest | undefined;
}

const WHOLE: Scope = { replaced: new Set(), kept: undefined };

/** Stages every table and answers their entries in the manifest, `batches` aside. */
async function stageAll(
  database: Database,
  catalog: Catalog,
  publication: Publication,
): Promise<Record<string, StoredTable>> {
  const { directory, kept, request } = publication;
  const staging = { directory, batchId: request.batchId };
  const read =
    publication.documents === undefined
      ? await bindKept(database, kept, directory)
      : await texts(database, 'select distinct account from kept_objects');
  const users = await texts(database, 'select user_id from scope_users');
  const accounts = await texts(database, 'select account from scope_accounts');
  const tables: Record<string, StoredTable> = {};
  const stage = async (name: string, rows: string, partition: string | null, scope: Scope): Promise<void> => {
    const previous = scope.kept?.tables[name];
    const table = { name, rows, partition, previous, replaced: scope.replaced };
    const version = catalog.versions.get(name);
    tables[name] = { ...(await stageTable(database, staging, table)), ...(version === undefined ? {} : { version }) };
  };
  const { plan } = publication;
  const keep = (names: Iterable<string>): void => {
    for (const name of names) {
      const stays = kept?.tables[name];
      if (stays !== undefined) tables[name] = stays;
    }
  };
  keep(plan.stored.keys());
  if (plan.reads) {
    await stage('objects', 'kept_objects', 'account', { replaced: read, kept });
    await stage('records', 'kept_records', 'account', { replaced: read, kept });
    await stage(OWNERS, OWNERS, null, WHOLE);
  } else keep(['objects', 'records', OWNERS]);
  const others = publication.everybody ? undefined : kept;
  for (const model of storedModels(catalog).filter(({ name }) => plan.names.includes(name))) {
    await checkColumns(database, model);
    const replaced = model.spec.partition === 'account' ? accounts : users;
    await stage(model.name, model.name, model.spec.partition ?? null, { replaced, kept: others });
  }
  return tables;
}

/** Audits, writes and switches what `compute` left in the database; every step before the switch leaves only litter. */
export async function publish(database: Database, catalog: Catalog, publication: Publication): Promise<BatchResult> {
  const { directory, request, current } = publication;
  const step = request.onStep ?? (() => undefined);
  await runAudits(database, catalog, publication.plan.audited);
  step('audited');
  const tables = await stageAll(database, catalog, publication);
  const counts = await countBatch(database, 'incoming');
  const rows = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, rowsOf(table)]));
  const finishedMs = publication.finishedMs();
  const past = current?.tables['batches'];
  const history =
    past === undefined ? emptySelect(BATCH_COLUMNS.map((column) => ({ ...column }))) : sourceSql(directory, past);
  await appendBatch(database, history, {
    batchId: request.batchId,
    startedMs: request.now,
    finishedMs,
    modelVersion: catalog.modelVersion,
    counts,
    rows,
  });
  const staging = { directory, batchId: request.batchId };
  const batches = { name: 'batches', rows: 'batches', partition: null, previous: undefined, replaced: WHOLE.replaced };
  tables['batches'] = await stageTable(database, staging, batches);
  const today = new Date(request.now).toISOString().slice(0, 10);
  const documents =
    publication.documents === undefined
      ? await stageDocuments(database, staging, {
          files: current?.documents ?? [],
          whole: publication.kept === undefined,
          today,
        })
      : await mergeDocuments(database, staging, publication.documents, today);
  await rm(path.join(directory, 'staging'), { recursive: true, force: true });
  step('staged');
  await prepareManifest(directory, {
    schema: 1,
    batch_id: request.batchId,
    previous: current?.batch_id ?? null,
    started_ms: request.now,
    finished_ms: finishedMs,
    model_version: catalog.modelVersion,
    readers_version: catalog.readersVersion,
    tables,
    documents: [...documents],
  });
  step('manifest');
  if (!(await request.commit(() => switchPointer(directory)))) {
    throw new PortError('lease_lost', 'another batch took over before this one could publish', {
      remedy: 'Nothing was published; process again.',
    });
  }
  await syncPath(directory);
  step('committed');
  const users = await texts(database, 'select user_id from scope_users order by 1');
  return { batchId: request.batchId, published: true, ...counts, users: [...users], tables: rows };
}
