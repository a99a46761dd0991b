import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { BatchRequest, BatchResult } from '../engine.ts';
import { PortError } from '../../errors.ts';
import { checkColumns, runAudits } from './audits.ts';
import { mergeDocuments, stageDocuments } from './bronze.ts';
import { appendBatch, BATCH_COLUMNS, countBatch } from './batches.ts';
import { storedModels, type Catalog } from './catalog.ts';
import { columnOf, materialize, type Database } from './database.ts';
import { DATE_COLUMNS, dateRecords, DATES, MARK_COLUMNS } from './dates.ts';
import { periodOf } from './days.ts';
import { RECORD_NAMES } from './intake.ts';
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
import { bucketsOf, placesOf } from './periods.ts';
import type { Plan } from './plan.ts';
import { checkScope, replacedOf, wholeOf } from './reached.ts';
import { emptySelect, sourceSql } from './source.ts';
import { stageTable, type Replaced, type Rows } from './stage.ts';

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
  /** Whether the tables hold no more than the days made anew. */
  readonly isWindowed: boolean;
  /** The documents kept, where waves of a rebuild have put all else by: objects and records are bound as they are to be stored. */
  readonly documents?: readonly DocumentFile[];
  readonly finishedMs: () => number;
}

/** Nothing of before is kept beside the new rows. */
const NOTHING: Replaced = { isIn: () => true, where: 'true' };

const rowsOf = (table: StoredTable): number => table.files.reduce((sum, file) => sum + file.rows, 0);

const INCOMING = 'coalesce(raw_key in (select raw_key from incoming), false)';

/** Binds what the engine itself keeps: objects read now; records read now, of accounts made anew whole, and versions of the same, with their days. */
export async function bindKept(
  database: Database,
  { kept, directory, isWindowed }: Pick<Publication, 'kept' | 'directory' | 'isWindowed'>,
): Promise<void> {
  await materialize(database, 'kept_objects', `select * from all_objects where ${INCOMING}`);
  const whole = await columnOf(database, 'select account from whole_accounts');
  const old = kept?.tables['records'];
  const past = old === undefined ? [] : [sourceSql(directory, old, whole)];
  const before = past.map(
    (select) =>
      `select ${RECORD_NAMES} from (${select}) w where account in (select account from whole_accounts) and not ${INCOMING} union all`,
  );
  const touched = `select ${RECORD_NAMES} from touched where not ${INCOMING} union all`;
  await materialize(
    database,
    'kept_of',
    `${before.join(' ')} ${isWindowed ? touched : ''} select ${RECORD_NAMES} from fresh_records`,
  );
  await dateRecords(database, 'select * from kept_of');
  await materialize(
    database,
    'kept_records',
    `select *, ${MARK_COLUMNS} from (
       select k.*, ${DATE_COLUMNS} from kept_of k
       left join dated d on d.raw_key = k.raw_key and d.entity = k.entity and d.pointer = k.pointer
     ) r`,
  );
}

/** Which objects and records of before go: those read now, and of records also those whose days were found anew. */
async function keptReplaced(
  database: Database,
  isWindowed: boolean,
): Promise<{ readonly objects: Replaced; readonly records: Replaced }> {
  const columns = DATE_COLUMNS.split(', ');
  const came = `from all_objects where ${INCOMING}`;
  const objects = await placesOf(database, came, 'account', periodOf(['raw_key'], 'account') ?? '');
  const dated = isWindowed
    ? await placesOf(database, `from touched where not ${INCOMING}`, 'account', periodOf(columns, 'account') ?? '')
    : () => false;
  const whole = await bucketsOf(database, 'whole_accounts', 'account');
  const touched = '(raw_key, entity, pointer) in (select (raw_key, entity, pointer) from touched)';
  return {
    objects: { isIn: objects, where: INCOMING },
    records: {
      isIn: (file) => whole(file) || dated(file),
      where: `(${INCOMING} or coalesce(account in (select account from whole_accounts), false)${isWindowed ? ` or coalesce(${touched}, false)` : ''})`,
    },
  };
}

/** Stages every table and answers their entries in the manifest, `batches` aside. */
async function stageAll(
  database: Database,
  catalog: Catalog,
  publication: Publication,
): Promise<Record<string, StoredTable>> {
  const { directory, kept, request, isWindowed } = publication;
  const staging = { directory, batchId: request.batchId, now: request.now };
  const tables: Record<string, StoredTable> = {};
  const stage = async (rows: Omit<Rows, 'previous'>, of: Manifest | undefined): Promise<void> => {
    const { name } = rows;
    // Records are as the model has dated them.
    const version = catalog.versions.get(name === 'records' ? DATES : name);
    const staged = await stageTable(database, staging, { ...rows, previous: of?.tables[name] });
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
  const isPutBy = publication.documents !== undefined;
  if (plan.dates && !isPutBy) await bindKept(database, publication);
  const put =
    isPutBy || !plan.dates ? { objects: NOTHING, records: NOTHING } : await keptReplaced(database, isWindowed);
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
  for (const model of models) await checkColumns(database, model);
  await checkScope(database, models);
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
  const staging = { directory, batchId: request.batchId, now: request.now };
  const batches = { name: 'batches', rows: 'batches', partition: null, previous: undefined, replaced: NOTHING };
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
