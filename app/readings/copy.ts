import type { Runs } from '../../ports/engine/run.ts';
import type { ReadingsChange, ReadingsStore } from '../../ports/readings/readings.ts';
import { WellspringError } from '../errors.ts';
import { withBatchLeaseSoon } from '../lease.ts';
import type { Runtime } from '../runtime.ts';

/** Readings that are a copy, and the records of the batches it is brought up to. */
export interface Copy {
  readonly runs: Pick<Runs, 'since' | 'taken' | 'changes'>;
  readonly readings: ReadingsStore;
}

/** What bringing the copy up to date needs. */
export type CopyRuntime = Pick<Runtime, 'copy' | 'state' | 'clock' | 'onWait'>;

/** The last batch that is applied whole. */
const CURSOR = ['readings', 'applied'] as const;
const AT_ONCE = 500;

/**
 * Brings the readings up to every finished batch, the oldest first, whatever became of its event; answers how many batches that were, none when somebody
 * else holds the lease all the while: the next sweep goes on.
 *
 * No old row overwrites a newer one. All who apply do so under the lease of batches, in the order of batches, and from the last one applied whole; whoever
 * dies leaves a batch that is applied again, and a change again is no change. Nobody writes after losing the lease: it is renewed before each write, and a
 * function ends long before the time of a lease does. Forgetting holds the same lease, so that nothing of somebody forgotten comes back.
 */
export async function applyBatches(runtime: CopyRuntime): Promise<number> {
  const { copy, state } = runtime;
  if (copy === undefined) return 0;
  const applied = await withBatchLeaseSoon(runtime, async (lease) => {
    const seen = (await state.get<{ readonly batch_id: string }>(...CURSOR))?.value.batch_id;
    let batches = 0;
    for await (const { batch_id: id, tables } of copy.runs.since(seen)) {
      for (const table of copy.readings.tables.filter((one) => tables[one] !== 0)) {
        for await (const some of inParts(copy.runs.changes(id, table))) {
          if (!(await lease.renew())) throw lost();
          await copy.readings.apply(table, some);
        }
      }
      if (!(await lease.renew())) throw lost();
      await state.put(...CURSOR, { batch_id: id });
      batches += 1;
    }
    return batches;
  });
  return applied ?? 0;
}

async function* inParts(changes: AsyncIterable<ReadingsChange>): AsyncGenerator<readonly ReadingsChange[]> {
  let part: ReadingsChange[] = [];
  for await (const change of changes) {
    part.push(change);
    if (part.length < AT_ONCE) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function lost(): WellspringError {
  return new WellspringError({
    code: 'lease_lost',
    message: 'Somebody else took over while readings were brought up to date.',
    remedy: 'Nothing is lost: they go on with it, and so does the next sweep.',
    status: 503,
  });
}
