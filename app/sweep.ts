import type { BatchRuntime, BatchSummary } from './batch.ts';
import { continueBackfills } from './collect/backfill.ts';
import { collectNotices, type NoticesReport } from './collect/notices.ts';
import { collectOverdue } from './collect/overdue.ts';
import type { CollectReport } from './collect/report.ts';
import type { CollectRuntime, Patience } from './collect/runtime.ts';
import { collectDaily } from './collect/schedule.ts';
import { ensureSubscriptions, type SubscriptionRecord } from './collect/subscriptions.ts';
import { tidyGrants } from './connect/tidy.ts';
import { noteCounts } from './counted.ts';
import { noteRound } from './doctor/round.ts';
import { type Elsewhere, startElsewhere } from './elsewhere.ts';
import { listNew } from './listing.ts';
import { measurePublication } from './measure.ts';
import { applyBatches, type CopyRuntime } from './readings/copy.ts';
import { refreshDue } from './refresh.ts';
import { tellTooLarge } from './small.ts';
import { transform } from './transform.ts';
import { dropUnclaimed } from './unclaimed.ts';

/** Runs a batch, or starts the workflow that does, when something is stored and not published, whatever became of its event; undefined when nothing is. */
export async function sweep(runtime: BatchRuntime): Promise<BatchSummary | Elsewhere | undefined> {
  const { workflow } = runtime;
  if (workflow !== undefined) return startElsewhere(runtime, workflow, { patiently: true });
  const { objects } = await listNew(runtime, false);
  return objects.length === 0 ? undefined : transform(runtime);
}

/** What a round needs: all that fetches and publishes, no pages and no mail. */
export type SweepRuntime = CollectRuntime & BatchRuntime & CopyRuntime;

/** What a round found to do; a part that failed is undefined here and named in `problems`. */
export interface Repaired {
  readonly published: BatchSummary | Elsewhere | undefined;
  /** Finished batches the readings had not been brought up to, because their event was lost. */
  readonly applied: number | undefined;
  /** Access tokens that were about to end. */
  readonly renewed: number | undefined;
  readonly notices: NoticesReport | undefined;
  /** Left by earlier failures. */
  readonly overdue: CollectReport | undefined;
  readonly daily: CollectReport | undefined;
  readonly subscriptions: readonly SubscriptionRecord[] | undefined;
  /** Backfills that are not finished yet. */
  readonly backfills: number | undefined;
  /** Sessions, states of flows, invites and marks past their time. */
  readonly expired: number | undefined;
  /** What the fetching above brought; where a workflow publishes it, its events tell the workflow. */
  readonly fetched: BatchSummary | Elsewhere | undefined;
  /** Objects of accounts nobody connected in time, deleted. */
  readonly unclaimed: number | undefined;
  /** Providers of which something was counted since the last round. */
  readonly counted: number | undefined;
  readonly problems: readonly { readonly doing: string; readonly error: unknown }[];
}

/**
 * The whole round of every 15 minutes, for whatever no event told: batch, tokens, notices, what failed earlier, the daily look, subscriptions,
 * backfills, what has expired, the batch of what came, what nobody claimed, and what was counted. One part that fails does not stop the others. `signal` ends it between two requests.
 */
export async function repair(runtime: SweepRuntime, patience: Patience = {}): Promise<Repaired> {
  const problems: { doing: string; error: unknown }[] = [];
  const part = async <T>(doing: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (patience.signal?.aborted === true) return undefined;
    try {
      return await work();
    } catch (error) {
      problems.push({ doing, error });
      return undefined;
    }
  };
  const done = {
    published: await part('the batch of the sweep', () => sweep(runtime)),
    applied: await part('the readings of finished batches', () => applyBatches(runtime)),
    renewed: await part('the renewal of tokens', () => refreshDue(runtime, patience.signal)),
    notices: await part('the fetching of what notices name', () => collectNotices(runtime, patience)),
    overdue: await part('the fetching of what failed earlier', () => collectOverdue(runtime, patience)),
    daily: await part('the daily look', () => collectDaily(runtime, patience)),
    subscriptions: await part('the check of subscriptions', () => ensureSubscriptions(runtime, patience)),
    backfills: await part('the backfill', () => continueBackfills(runtime, patience)),
    expired: await part('the end of what has expired', () => expire(runtime)),
    fetched:
      runtime.workflow === undefined ? await part('the batch of what was fetched', () => sweep(runtime)) : undefined,
    // A stack's sweep may not delete: the function that forgets does it there.
    unclaimed:
      runtime.workflow === undefined
        ? await part('the end of what nobody claimed', () => dropUnclaimed(runtime))
        : undefined,
    counted: await part('the noting of what was counted', () => noteCounts(runtime)),
    problems,
  };
  await part('the engine of the stack', () => tellTooLarge(runtime));
  await part('the measuring of batches', () => measurePublication(runtime));
  await part('the note of the round', () => noteRound(runtime));
  return done;
}

/** Grants nobody decided about in time are given back before the question itself goes. */
async function expire(runtime: SweepRuntime): Promise<number> {
  await tidyGrants(runtime);
  await runtime.denied?.();
  return runtime.state.dropExpired();
}
