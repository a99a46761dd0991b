import { countRows, isBound, materialize, type Database } from './database.ts';
import { literal } from './sql.ts';

/** The columns of the mart `batches`, by DuckDB type. */
export const BATCH_COLUMNS = [
  { name: 'batch_id', type: 'VARCHAR' },
  { name: 'started_at', type: 'TIMESTAMP' },
  { name: 'finished_at', type: 'TIMESTAMP' },
  { name: 'n_objects', type: 'BIGINT' },
  { name: 'n_observations', type: 'BIGINT' },
  { name: 'n_quarantined', type: 'BIGINT' },
  { name: 'n_days', type: 'BIGINT' },
  { name: 'seconds', type: 'DOUBLE' },
  { name: 'tables', type: 'VARCHAR' },
  { name: 'model_version', type: 'VARCHAR' },
] as const;

export interface Counts {
  readonly objects: number;
  readonly observations: number;
  readonly quarantined: number;
  readonly days: number;
}

/** What a batch read and made of it: the objects in `table(raw_key)`, observations and refusals from them, and the days they touch. */
export async function countBatch(database: Database, table: string): Promise<Counts> {
  const read = `raw_key in (select raw_key from ${table})`;
  const has = {
    observations: await isBound(database, 'observations'),
    quarantine: await isBound(database, 'quarantine'),
  };
  return {
    objects: await countRows(database, `select 1 from ${table}`),
    observations: has.observations ? await countRows(database, `select 1 from observations where ${read}`) : 0,
    quarantined: has.quarantine ? await countRows(database, `select 1 from quarantine where ${read}`) : 0,
    days: has.observations
      ? await countRows(database, `select distinct user_id, local_date from observations where ${read}`)
      : 0,
  };
}

export interface FinishedBatch {
  readonly batchId: string;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly modelVersion: string;
  readonly counts: Counts;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** The row of a batch in the mart `batches`, as a select. */
export function batchSql(batch: FinishedBatch): string {
  const { counts } = batch;
  const values = [
    literal(batch.batchId),
    `make_timestamp(${batch.startedMs} * 1000)`,
    `make_timestamp(${batch.finishedMs} * 1000)`,
    counts.objects,
    counts.observations,
    counts.quarantined,
    counts.days,
    (batch.finishedMs - batch.startedMs) / 1000,
    literal(JSON.stringify(batch.rows)),
    literal(batch.modelVersion),
  ];
  return `select ${BATCH_COLUMNS.map(({ name, type }, i) => `cast(${values[i]} as ${type}) as ${name}`).join(', ')}`;
}

/** Makes the table `batches`: the history so far (a select) and this batch as its last row. */
export async function appendBatch(database: Database, history: string, batch: FinishedBatch): Promise<void> {
  await materialize(database, 'batches', `${history} union all ${batchSql(batch)}`);
}
