import type { RawInput } from '../../ports/engine/engine.ts';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { intake, model, scope } from '../../ports/engine/duckdb/compute.ts';
import { openDatabase, type Database, type DatabaseOptions } from '../../ports/engine/duckdb/database.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS } from '../../ports/engine/duckdb/intake.ts';
import { EMPTY_OWNERS } from '../../ports/engine/duckdb/owners.ts';
import { planAll } from '../../ports/engine/duckdb/plan.ts';

/** What an engine is told of a batch. */
export interface Batch {
  readonly batchId: string;
  /** Unix ms. */
  readonly now: number;
}

const onStep = (): void => undefined;

/** Every model over these raw objects, in one batch over everybody and not audited, each a table of its name in a DuckDB; close it when done. */
export async function computed(
  models: string,
  objects: readonly RawInput[],
  batch: Batch,
  options?: DatabaseOptions,
): Promise<Database> {
  const catalog = readCatalog(models);
  const database = await openDatabase(options);
  const before = { objects: EMPTY_OBJECTS, records: () => EMPTY_RECORDS, owners: EMPTY_OWNERS };
  await intake(database, catalog, before, { batch, objects, load: () => Promise.resolve(undefined), onStep });
  const isWindowed = await scope(database, catalog, before, { also: 'all', onStep });
  await model(database, catalog, before, { plan: planAll(catalog), isWindowed });
  return database;
}
