import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { BatchRequest, BatchResult } from '../engine.ts';
import { PortError } from '../../errors.ts';
import { mergeDocuments, stageDocuments } from './bronze.ts';
import { appendBatch, BATCH_COLUMNS, countBatch } from './batches.ts';
import { storedModels, type Catalog } from './catalog.ts';
import { columnOf, type Database } from './database.ts';
import { DATES } from './dates.ts';
import { putByBuckets } from './gather.ts';
import { keptReplaced } from './kept.ts';
import {
  prepareManifest,
  SCHEMA,
  switchPointer,
  syncPath,
  type DocumentFile,
  type Manifest,
  type StoredTable,
} from './manifest.ts';
import { OWNERS } from './owners.ts';
import type { Plan } from './plan.ts';
import { replacedOf, wholeOf } from './reached.ts';
import { emptySelect, sourceSql } from './source.ts';
import { stageTable, type Replaced, type Rows } from './stage.ts';

/** A batch that is computed and not yet told. */
export interface Publication {
  readonly directory: string;
  readonly request: BatchRequest;
  /** Whether some are made anew by days: the tables hold no more than these of them. */
  readonly isWindowed: boolean;
  /** The published manifest, whose history goes on. */
  readonly current: Manifest | undefined;
  /** The manifest whose files of people out of scope are kept; undefined when this batch replaces everything before. */
  readonly kept: Manifest | undefined;
  readonly everybody: boolean;
  /** What was computed; the tables of all others stay as they are. */
  readonly plan: Plan;
  /** The documents kept, where a rebuild has put all else by. */
  readonly documents?: readonly DocumentFile[];
  readonly finishedMs: () => number;
}

/** Nothing of before is kept beside the new rows. */
const NOTHING: Replaced = { isIn: () => true, where: 'true' };

const rowsOf = (table: StoredTable): number => table.files.reduce((sum, file) => sum + file.rows, 0);

/** Stages every table and answers their entries in the manifest, `batches` aside. */
async function stageAll(
  database: Database,
  catalog: Catalog,
  publication: Publication,
): Promise<Record<string, StoredTable>> {
  const { directory, kept, request, isWindowed } = publication;
  const staging = { directory, batchId: request.batchId, now: request.now };
  const tables: Record<string, StoredTable> = {};
  const putBy = await putByBuckets(database);
  const stage = async (rows: Omit<Rows, 'previous' | 'byBuckets'>, of: Manifest | undefined): Promise<void> => {
    const { name } = rows;
    // Records are as the model has dated them.
    const version = catalog.versions.get(name === 'records' ? DATES : name);
    const staged = await stageTable(database, staging, {
      ...rows,
      byBuckets: putBy.get(rows.rows),
      previous: of?.tables[name],
    });
    tables[name] = { ...staged, ...(version === undefined ? {} : { version }) };
  };
  const { plan } = publication;
  const keep = (names: Iterable<string>): void => {
    for (const name of names) {
      const stays = kept?.tables[name];
      if (stays !== undefined) tables[name] = stays;
    }
  };
  keep(plan.stored.keys());
  const put =
    kept === undefined || !plan.dates
      ? { objects: NOTHING, records: NOTHING }
      : await keptReplaced(database, isWindowed);
  const objects = { name: 'objects', rows: 'kept_objects', partition: 'account', replaced: put.objects };
  const records = { name: 'records', rows: 'kept_records', partition: 'account', replaced: put.records };
  if (plan.reads) {
    await stage(objects, kept);
    await stage({ name: OWNERS, rows: OWNERS, partition: null, replaced: NOTHING }, undefined);
  } else keep(['objects', OWNERS]);
  if (plan.dates) await stage(records, kept);
  else keep(['records']);
  const others = publication.everybody ? undefined : kept;
  const models = storedModels(catalog).filter(({ name }) => plan.names.includes(name));
  const ofUsers = await wholeOf(database, 'user_id');
  const ofAccounts = await wholeOf(database, 'account');
  for (const model of models) {
    const { name, spec } = model;
    const whole = spec.partition === 'account' ? ofAccounts : ofUsers;
    const replaced = isWindowed ? await replacedOf(database, model) : whole;
    await stage({ name, rows: name, partition: spec.partition ?? null, replaced }, others);
  }
  return tables;
}

/** Writes and switches what `computeBatch` left or `gather` bound in the database; every step before the switch leaves only litter. */
export async function publish(database: Database, catalog: Catalog, publication: Publication): Promise<BatchResult> {
  const { directory, request, current } = publication;
  const step = request.onStep ?? (() => undefined);
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
  const staging = { directory, batchId: request.batchId, now: request.now };
  const batches = { name: 'batches', rows: 'batches', partition: null, replaced: NOTHING };
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
    schema: SCHEMA,
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
  const users = await columnOf(database, 'select user_id from scope_users order by 1');
  return { batchId: request.batchId, published: true, ...counts, users, tables: rows };
}
