import type { Catalog } from './catalog.ts';
import { isBound, materialize, type Database } from './database.ts';
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

/** What this batch read and made of it: observations and refusals from the objects it read, and the days they touch. */
export async function countBatch(database: Database): Promise<Counts> {
  const count = async (sql: string): Promise<number> => Number((await database.rows(sql))[0]?.['n'] ?? 0);
  const read = 'raw_key in (select raw_key from incoming)';
  const has = {
    observations: await isBound(database, 'observations'),
    quarantine: await isBound(database, 'quarantine'),
  };
  return {
    objects: await count('select count(*) as n from incoming'),
    observations: has.observations ? await count(`select count(*) as n from observations where ${read}`) : 0,
    quarantined: has.quarantine ? await count(`select count(*) as n from quarantine where ${read}`) : 0,
    days: has.observations
      ? await count(`select count(*) as n from (select distinct user_id, local_date from observations where ${read}) d`)
      : 0,
  };
}

/** Makes the table `batches`: the history so far (a select) and this batch as its last row. */
export async function appendBatch(
  database: Database,
  catalog: Catalog,
  batch: {
    readonly history: string;
    readonly batchId: string;
    readonly startedMs: number;
    readonly finishedMs: number;
    readonly counts: Counts;
    readonly rows: Readonly<Record<string, number>>;
  },
): Promise<void> {
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
    literal(catalog.modelVersion),
  ];
  const row = BATCH_COLUMNS.map(({ name, type }, i) => `cast(${values[i]} as ${type}) as ${name}`).join(', ');
  await materialize(database, 'batches', `${batch.history} union all select ${row}`);
}
