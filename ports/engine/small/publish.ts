import path from 'node:path';
import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../clock/clock.ts';
import { batchSql, countBatch } from '../duckdb/batches.ts';
import type { Before } from '../duckdb/compute.ts';
import { materialize } from '../duckdb/database.ts';
import { computeScope, WAVE_RECORDS } from '../duckdb/parts.ts';
import { planAll } from '../duckdb/plan.ts';
import type { RunRecord } from '../run.ts';
import { announce } from './announce.ts';
import { findChanges } from './diff.ts';
import type { Held } from './held.ts';
import type { Journal, Opened } from './journal.ts';
import { eachOf } from './lake.ts';
import { modelLayouts, SAMPLES, TAKEN } from './layout.ts';
import { put, storeChanges } from './store.ts';
import type { Run } from './take-in.ts';
import { bindTold, writeTold } from './telling.ts';

/** What is needed to compute everybody's tables. */
export interface Computation extends Run {
  readonly before: Before;
  readonly samples: boolean;
  readonly waveRecords: number | undefined;
}

export interface Publication extends Computation {
  readonly journal: Journal;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Batches that were broken off before they had told what they did; this one may be among them. */
  readonly died: readonly Opened[];
  /** Rows of objects, records and owners this batch has changed. */
  readonly changed: Readonly<Record<string, number>>;
  readonly batches: Held;
  /** Whether other models made the last batch: what these change no row of is noted too, or every run would compute it again. */
  readonly isOutdated: boolean;
}

/** Every stored model and `taken`, computed and audited, beside what is stored of them. */
export async function computeAll({
  database,
  lake,
  models,
  before,
  samples,
  waveRecords = WAVE_RECORDS,
  scratch,
  inTime,
}: Computation): Promise<readonly Held[]> {
  // Days are made of them, whether they are kept or not. What a stack keeps empty is there all the same: whoever asks for it is to find a table.
  const keepSamples = async (): Promise<readonly string[]> => {
    if (!samples && models.models.has(SAMPLES)) await database.run(`delete from ${SAMPLES}`);
    return [];
  };
  await computeScope(database, models, {
    before,
    plan: planAll(models),
    also: 'all',
    most: waveRecords,
    folder: path.join(scratch, 'parts'),
    keep: keepSamples,
    onStep: inTime,
  });
  const layouts = modelLayouts(models);
  await materialize(database, TAKEN.name, 'select raw_key, account, intake from all_objects');
  return eachOf([...layouts, TAKEN], (layout) => lake.hold(layout));
}

/** The row of a batch as its record says. */
function rowOf(record: RunRecord, modelVersion: string): string {
  return batchSql({
    batchId: record.batch_id,
    startedMs: Date.parse(record.started_at),
    finishedMs: Date.parse(record.finished_at),
    modelVersion,
    counts: record,
    rows: record.tables,
  });
}

/**
 * Computes everybody's tables and stores what differs, after it is written down what will be told of it; then the batch's row, its record and its
 * event. Undefined when nothing differs, the models are those of the last batch and none was broken off before.
 */
export async function publish(publication: Publication): Promise<RunRecord | undefined> {
  const { database, lake, mine, guard, journal, died } = publication;
  const held = await computeAll(publication);
  const counts: Record<string, number> = {};
  for (const one of held) {
    const { name } = one.layout;
    counts[name] = await findChanges(database, one, `select * from ${name}`);
  }
  const changed = held.filter(({ layout }) => (counts[layout.name] ?? 0) > 0);
  const ids = died.map(({ batchId }) => batchId);
  const layouts = held.map(({ layout }) => layout);
  const told = await bindTold(database, journal, layouts, ids);
  const isNews =
    publication.isOutdated ||
    changed.length + died.length + Object.keys(told.lines).length + Object.keys(publication.changed).length > 0;
  publication.inTime();
  await guard();
  if (isNews) await writeTold(database, journal, mine.batchId, layouts, told);
  // What others were to tell is told by this one now. One that stayed would be told later under its older id, which readers have passed.
  for (const id of ids) if (id !== mine.batchId) await journal.discard(id);
  if (!isNews) {
    await journal.close(mine.batchId);
    return undefined;
  }
  for (const one of changed) await storeChanges(database, lake, one, guard);
  const { [TAKEN.name]: _, ...rows } = {
    ...publication.changed,
    ...Object.fromEntries(changed.map(({ layout }) => [layout.name, counts[layout.name] ?? 0])),
    ...told.lines,
  };
  const record: RunRecord = {
    schema: 1,
    batch_id: mine.batchId,
    started_at: new Date(mine.startedMs).toISOString(),
    finished_at: new Date(Math.max(publication.clock.now(), mine.startedMs)).toISOString(),
    ...(await countBatch(database, 'told_taken')),
    users: [...told.users],
    tables: rows,
  };
  await put(database, lake, publication.batches, rowOf(record, mine.modelVersion), {
    scope: `batch_id = '${mine.batchId}'`,
    guard,
  });
  await guard();
  await journal.finish(record);
  await announce(publication.bus, journal, record);
  return record;
}
