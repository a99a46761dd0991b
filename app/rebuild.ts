import type { CellChange } from '../ports/engine/engine.ts';
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

const REBUILD = 'wellspring rebuild --stack NAME has the workflow do it.';

export interface RebuildOptions {
  /** Answer what would change and change nothing. */
  readonly dryRun: boolean;
  /** Only cells from this local day on, `YYYY-MM-DD`; a rebuild that publishes recomputes every day. */
  readonly from?: string | undefined;
  readonly onStep?: OnStep;
}

/** Recomputes every table from the raw objects alone, and publishes the result or answers the cells that would change. */
export async function rebuild(
  runtime: BatchRuntime,
  options: RebuildOptions,
): Promise<BatchSummary | { readonly changes: readonly CellChange[] }> {
  // Before everything is read, which may be all there is.
  if (runtime.workflow !== undefined) throw batchElsewhere(REBUILD);
  const startedAt = runtime.clock.now();
  return withBatchLease(runtime, async (lease) => {
    const { objects: _, ...batch } = batchRequest(runtime, lease, { objects: [], onStep: options.onStep });
    const request = { ...batch, listed: runtime.objects.list('raw/') };
    if (options.dryRun) return { changes: await runtime.engine.compare(request, options.from) };
    const result = await runtime.engine.rebuild(request);
    await announce(runtime, result);
    return summarizeBatches(runtime.clock, startedAt, [result]);
  });
}
