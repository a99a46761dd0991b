import { fileURLToPath } from 'node:url';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { compute } from '../../ports/engine/duckdb/compute.ts';
import { openDatabase } from '../../ports/engine/duckdb/database.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS } from '../../ports/engine/duckdb/intake.ts';
import { EMPTY_OWNERS } from '../../ports/engine/duckdb/owners.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { rawObject, type Payload } from './raw.ts';

export { connectionFact, userFact } from './facts.ts';
export { type Payload } from './raw.ts';

/** The folder of the project's models. */
export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

/** Rows of a query over `objects`, `records` and every model; close it when done. */
export interface Tables {
  query(sql: string): Promise<readonly Row[]>;
  close(): void;
}

/** Runs the models over these payloads and facts (in one batch, over everybody) on a real DuckDB. */
export async function runModels(
  payloads: readonly Payload[],
  options: { readonly now?: number; readonly models?: string } = {},
): Promise<Tables> {
  const catalog = readCatalog(options.models ?? MODELS);
  const database = await openDatabase({ threads: 1 });
  const now = options.now ?? Date.parse('2026-11-21T00:00:00Z');
  await compute(
    database,
    catalog,
    { objects: EMPTY_OBJECTS, records: () => EMPTY_RECORDS, owners: EMPTY_OWNERS, rereadAll: false },
    {
      batch: { batchId: 'b_test', now },
      objects: payloads.map(rawObject),
      load: () => Promise.resolve(undefined),
      also: 'all',
      onStep: () => undefined,
    },
  );
  return { query: (sql) => database.rows(sql), close: () => database.close() };
}
