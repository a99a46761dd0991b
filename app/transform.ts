import type { BatchResult } from '../ports/engine/engine.ts';
import {
  announce,
  batchRequest,
  summarizeBatches,
  type BatchRuntime,
  type BatchSummary,
  type OnStep,
} from './batch.ts';
import { batchElsewhere } from './elsewhere.ts';
import { withBatchLease } from './lease.ts';
import { cutIntoBatches, listNew, markListed, readObjects } from './listing.ts';

export interface TransformOptions {
  /** Look through all dates of raw, not only those since the last batch. */
  readonly all?: boolean;
  /** Told each step's name as it is done. */
  readonly onStep?: OnStep;
}

/**
 * Publishes what is stored and not published yet, after waiting for a batch that runs. With nothing to do nothing is written:
 * the figures are 0 and `batch_id` is that of the last batch, null before the first. Throws `batch_elsewhere` where a workflow runs batches.
 */
export async function transform(runtime: BatchRuntime, options: TransformOptions = {}): Promise<BatchSummary> {
  if (runtime.workflow !== undefined) throw batchElsewhere();
  const { clock, objects, engine } = runtime;
  const { onStep } = options;
  const startedAt = clock.now();
  return withBatchLease(runtime, async (lease) => {
    onStep?.('lease');
    const listing = await listNew(runtime, options.all ?? false);
    onStep?.('listed');
    const results: BatchResult[] = [];
    const parts = cutIntoBatches(listing.objects);
    // First without objects where the models have changed: what that makes anew need not wait for, or redo, what came.
    for (const part of parts.length === 0 || (await engine.isOutdated()) ? [[], ...parts] : parts) {
      const documents = await readObjects(
        objects,
        part.map((object) => object.key),
      );
      const result = await engine.run(batchRequest(runtime, lease, { objects: documents, onStep }));
      await announce(runtime, result);
      onStep?.('published');
      results.push(result);
    }
    await markListed(runtime, listing);
    return summarizeBatches(clock, startedAt, results);
  });
}
