import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCatalog } from '../../../ports/engine/duckdb/catalog.ts';
import { compute } from '../../../ports/engine/duckdb/compute.ts';
import { type Database, openDatabase } from '../../../ports/engine/duckdb/database.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS } from '../../../ports/engine/duckdb/intake.ts';
import { EMPTY_OWNERS } from '../../../ports/engine/duckdb/owners.ts';

/** What both engines are told of the batch. */
export interface Batch {
  readonly batchId: string;
  /** Unix ms. */
  readonly now: number;
}

/** Every model over the raw objects below a folder (a key is a path there), each a table of its name in a DuckDB; close it when done. */
export async function runLocally(models: string, raw: string, batch: Batch): Promise<Database> {
  const catalog = readCatalog(models);
  const database = await openDatabase();
  const files = readdirSync(raw, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const objects = files.map((file) => {
    const place = path.join(file.parentPath, file.name);
    return { key: path.relative(raw, place).split(path.sep).join('/'), document: readFileSync(place) };
  });
  await compute(
    database,
    catalog,
    { objects: EMPTY_OBJECTS, records: () => EMPTY_RECORDS, owners: EMPTY_OWNERS, rereadAll: false },
    {
      batch: { ...batch },
      objects,
      load: () => Promise.resolve(undefined),
      also: 'all',
      onStep: () => undefined,
    },
  );
  return database;
}
