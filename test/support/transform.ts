import { fileURLToPath } from 'node:url';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { computed } from './computed.ts';
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
  const batch = { batchId: 'b_test', now: options.now ?? Date.parse('2026-11-21T00:00:00Z') };
  const database = await computed(options.models ?? MODELS, payloads.map(rawObject), batch, { threads: 1 });
  return { query: (sql) => database.rows(sql), close: () => database.close() };
}
