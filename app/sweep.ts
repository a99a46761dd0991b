import type { BatchRuntime, BatchSummary } from './batch.ts';
import { listNew } from './listing.ts';
import { transform } from './transform.ts';

/** Runs a batch when something is stored and not published, whatever became of its event; undefined when nothing is. */
export async function sweep(runtime: BatchRuntime): Promise<BatchSummary | undefined> {
  const { objects } = await listNew(runtime, false);
  return objects.length === 0 ? undefined : transform(runtime);
}
