import path from 'node:path';
import * as z from 'zod';
import { readCatalog } from '../../../ports/engine/duckdb/catalog.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { startSession } from '../../support/spark.ts';
import { MODELS } from '../../support/transform.ts';
import { compareModel, type Comparison } from './compare.ts';
import { runLocally } from './local.ts';

const answer = z.object({
  error: z.string().optional(),
  types: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).default({}),
});

const BATCH = { batchId: 'b_parity', now: Date.parse('2026-11-21T00:00:00Z') };

/** One Spark for any number of comparisons. */
export interface Engines {
  /** Runs every model on both engines over the raw objects below a folder, and compares each. */
  compare(raw: string): Promise<readonly Comparison[]>;
  stop(): Promise<void>;
}

/** Starts the Spark; `compiled` as for `startSession`. */
export function openEngines({ compiled = false }: { readonly compiled?: boolean } = {}): Engines {
  const session = startSession({ script: 'parity/models.py', compiled });
  return {
    async compare(raw) {
      const out = makeDirectory();
      const request = { raw, out, models: MODELS, batch_id: BATCH.batchId, now_ms: BATCH.now };
      const [told, database] = await Promise.all([session.ask(request), runLocally(MODELS, raw, BATCH)]);
      try {
        const { error, types } = answer.parse(told);
        if (error !== undefined) throw new Error(error);
        const comparisons = [];
        for (const { name, spec } of readCatalog(MODELS).models.values()) {
          const parquet = path.join(out, name);
          comparisons.push(
            await compareModel(database, { name, grain: spec.grain }, { parquet, columns: types[name] ?? [] }),
          );
        }
        return comparisons;
      } finally {
        database.close();
        removeDirectory(out);
      }
    },
    stop: () => session.stop(),
  };
}
