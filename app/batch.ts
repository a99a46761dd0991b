import type { BatchRequest, BatchResult, RawInput } from '../ports/engine/engine.ts';
import type { Lease } from '../ports/state/state.ts';
import type { Runtime } from './runtime.ts';

/** What one or several batches did; `batch_id` is that of the last one, or of the last published when there was nothing to do. */
export interface BatchSummary {
  readonly batch_id: string | null;
  readonly objects: number;
  readonly observations: number;
  readonly quarantined: number;
  readonly days: number;
  readonly seconds: number;
}

/** What running a batch needs of the runtime. */
export type BatchRuntime = Pick<
  Runtime,
  'objects' | 'bus' | 'clock' | 'ids' | 'state' | 'engine' | 'onWait' | 'workflow' | 'batchWindowSeconds' | 'measure'
>;

export type OnStep = (step: string) => void;

/** The request of a batch over these objects, which publishes only while the lease is held. */
export function batchRequest(
  runtime: BatchRuntime,
  lease: Lease,
  batch: { readonly objects: readonly RawInput[]; readonly onStep: OnStep | undefined },
): BatchRequest {
  const { objects, state, clock, ids } = runtime;
  return {
    batchId: ids.id('b', 12),
    now: clock.now(),
    objects: batch.objects,
    load: (key) => objects.get(key),
    commit: (change) => state.whileHeld(lease, change),
    onStep: (step) => {
      // Whether it is still held is asked where it matters, in `commit`.
      lease.renew().catch(() => false);
      batch.onStep?.(step);
    },
  };
}

/** Tells whoever listens that a batch is published; nobody has to hear it. */
export async function announce({ bus }: Pick<Runtime, 'bus'>, result: BatchResult): Promise<void> {
  if (!result.published || result.batchId === null) return;
  const detail = { schema: 1, batch_id: result.batchId, users: result.users, days: result.days } as const;
  try {
    await bus.publish([{ detailType: 'Batch Published', detail }]);
  } catch {
    // The tables are published, and what is left of the run has to be done, whether or not there is a bus to say so.
  }
}

/** Adds the figures of the batches of one run up; `startedAt` in Unix ms. */
export function summarizeBatches(
  clock: Runtime['clock'],
  startedAt: number,
  results: readonly BatchResult[],
): BatchSummary {
  const sum = (figure: 'objects' | 'observations' | 'quarantined' | 'days'): number =>
    results.reduce((total, result) => total + result[figure], 0);
  return {
    batch_id: results.at(-1)?.batchId ?? null,
    objects: sum('objects'),
    observations: sum('observations'),
    quarantined: sum('quarantined'),
    days: sum('days'),
    seconds: (clock.now() - startedAt) / 1000,
  };
}
