import type { Database } from '../duckdb/database.ts';
import { selectOf, type Held } from './held.ts';
import type { Past } from './work.ts';

/** Reads what earlier runs left. */
export async function readPast(database: Database, objects: Held, batches: Held): Promise<Past> {
  const rows = await database.rows(`select raw_key, readers_version from (${selectOf(objects)}) o`);
  const [last] = await database.rows(
    `select unix_millis(finished_at) as finished_ms, model_version from (${selectOf(batches)}) b order by batch_id desc limit 1`,
  );
  return {
    known: new Map(rows.map((row) => [String(row['raw_key']), String(row['readers_version'])])),
    finishedMs: last === undefined ? undefined : Number(last['finished_ms']),
    modelVersion: last === undefined ? undefined : String(last['model_version']),
  };
}
