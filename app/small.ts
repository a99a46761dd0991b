import { PortError } from '../ports/errors.ts';
import type { Comparison, Difference, SmallEngine } from '../ports/engine/small/small.ts';
import { WellspringError } from './errors.ts';
import { withBatchLeaseSoon, type WaitRuntime } from './lease.ts';
import type { Runtime } from './runtime.ts';

export interface SmallRuntime extends WaitRuntime {
  readonly small: SmallEngine;
}

/** What the job that waits for it is told; counts only. */
export interface SmallBatch {
  /** `idle`: there was nothing to do; `running`: another batch, or forgetting, held the lease for the whole minute that is waited. */
  readonly outcome: 'published' | 'idle' | 'running';
  readonly batch_id: string | null;
  readonly objects: number;
  readonly observations: number;
  readonly quarantined: number;
  readonly days: number;
  /** Changed rows by table. */
  readonly tables: Readonly<Record<string, number>>;
}

/** `apply`: everything anew from raw, and what that changes is published; `dry-run`: it is told and nothing else. */
export type Rebuild = 'apply' | 'dry-run';

/** What a rebuild would change; counts only. */
export interface SmallComparison extends Readonly<Record<keyof Difference, Readonly<Record<string, number>>>> {
  readonly outcome: 'compared';
  readonly batch_id: string;
  readonly objects: number;
}

const NOTHING = { batch_id: null, objects: 0, observations: 0, quarantined: 0, days: 0, tables: {} };

/** That the last run could not do what there was to do, and since when, Unix ms. */
const TOO_LARGE = ['batch', 'too-large'] as const;
interface TooLarge {
  readonly at: number;
}
/** A run that fails again says so again; after another engine has taken over nobody would take it back. */
const TOLD_MS = 2 * 3_600_000;

/** Rows by table, of one kind: a property of the run each. */
const rowsOf = (tables: Comparison['tables'], kind: keyof Difference): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(tables).flatMap(([name, one]) => (one[kind] === 0 ? [] : [[name, one[kind]]])));

/**
 * One batch of the small engine, or what a rebuild would change, after the batch that is under way. Where that one lasts nothing is done, and
 * nothing is wrong: forgetting takes its minutes, and the next run finds what is stored. Throws what the engine throws.
 */
export async function transformSmall(
  runtime: SmallRuntime,
  { rebuild, signal }: { readonly rebuild?: Rebuild | undefined; readonly signal?: AbortSignal } = {},
): Promise<SmallBatch | SmallComparison> {
  const { state, clock, small } = runtime;
  const done = await withBatchLeaseSoon(runtime, async (lease) => {
    const request = { isHeld: () => lease.renew(), ...(signal === undefined ? {} : { signal }) };
    if (rebuild === 'dry-run') return { compared: await small.compare(request) };
    try {
      const record = await small.run({ ...request, anew: rebuild === 'apply' });
      await state.delete(...TOO_LARGE);
      return record === undefined ? 'idle' : record;
    } catch (error) {
      if (error instanceof PortError && error.code === 'too_large_for_small') {
        const at = clock.now();
        await state.put(...TOO_LARGE, { at } satisfies TooLarge, { expiresAt: at + TOLD_MS });
      }
      throw error;
    }
  });
  if (done === undefined) return { outcome: 'running', ...NOTHING };
  if (done === 'idle') return { outcome: 'idle', ...NOTHING };
  if ('compared' in done) {
    const { batch_id, objects, tables } = done.compared;
    const rows = {
      added: rowsOf(tables, 'added'),
      changed: rowsOf(tables, 'changed'),
      removed: rowsOf(tables, 'removed'),
    };
    return { outcome: 'compared', batch_id, objects, ...rows };
  }
  const { batch_id, objects, observations, quarantined, days, tables } = done;
  return { outcome: 'published', batch_id, objects, observations, quarantined, days, tables };
}

/** Throws `too_large_for_small` while the last run of the small engine is one that could not do its work. */
export async function tellTooLarge({ state }: Pick<Runtime, 'state'>): Promise<void> {
  const found = await state.get<TooLarge>(...TOO_LARGE);
  if (found === undefined) return;
  throw new WellspringError({
    code: 'too_large_for_small',
    message: `The batch of ${new Date(found.value.at).toISOString()} was too large for the engine of this stack.`,
    remedy: 'Set the key `engine`: pulumi config set engine spark, then pulumi up. The tables stay as they are.',
  });
}
