import type { Database } from '../duckdb/database.ts';
import { selectOf, type Held } from './held.ts';
import type { Past } from './work.ts';

/** The keys of all objects something is stored of: a run that was broken off may have left records of one it had not noted. */
export async function readKnown(database: Database, objects: Held, records: Held): Promise<ReadonlySet<string>> {
  const rows = await database.rows(
    `select raw_key from (${selectOf(objects)}) o union select raw_key from (${selectOf(records)}) r`,
  );
  return new Set(rows.map(({ raw_key: key }) => String(key)));
}

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
