import { providerNamed } from '../provider.ts';
import { WellspringError } from '../errors.ts';
import { advance, type BackfillProgress } from './advance.ts';
import {
  type Backfill,
  backfillId,
  changeBackfill,
  dropBackfills,
  newBackfill,
  openBackfills,
  readBackfill,
  wordsOf,
} from './backfill-record.ts';
import { catchUp } from './catch-up.ts';
import { clearMarks } from './mark.ts';
import { noCollect } from './no-collect.ts';
import { possible } from './range.ts';
import { begunAt } from './reach.ts';
import { type CollectRuntime, type Patience } from './runtime.ts';
import { isFetchable, type Source, sources } from './source.ts';
import { chunksOf } from './stretch.ts';
import type { Connection } from '../tie.ts';
import type { Days } from './window.ts';

/** What one slice asks for at most: a new notice waits no longer than that. */
const SLICE_CHUNKS = 20;
const WAIT_MS = 60_000;
/** A place within the provider's limits is waited for: the usual window is a minute, and slides. */
const PLACE_MS = 90_000;
/** Longer than those who wait take to look again. */
const BREATH_MS = 300;

export interface BackfillRequest extends Patience {
  readonly provider: string;
  readonly userId: string;
  readonly from: string;
  readonly to: string;
  readonly onProgress?: ((progress: BackfillProgress) => void) | undefined;
}

export interface BackfillReport {
  readonly connection_id: string;
  readonly from: string;
  readonly to: string;
  /** `paused`: it goes on by itself where a server runs, or when asked for again. */
  readonly state: 'finished' | 'paused';
  readonly chunks_done: number;
  /** Without what is left out. */
  readonly chunks_total: number;
  readonly requests: number;
  /** `asked`: the provider sends the days by itself, minutes or hours later; `fetched`: they are stored. */
  readonly delivery: 'fetched' | 'asked';
  /** By type: why a stream was left out, in words. */
  readonly left_out: Readonly<Record<string, string>>;
  /** By type: why a stream has to wait, in words. */
  readonly waiting: Readonly<Record<string, string>>;
  readonly retry_at: string | null;
}

/**
 * Fetches days of a person's connections with a provider, newest first, or asks it to send them; what was done before the last end is not
 * asked for again.
 * Days no provider can have are not asked for. Throws `unknown_provider`, `not_connected`, `no_collect`, and `bad_range` when no day is left.
 */
export async function backfill(runtime: CollectRuntime, request: BackfillRequest): Promise<readonly BackfillReport[]> {
  const { provider, userId, from, to } = request;
  const chosen = await theirs(runtime, provider, userId);
  const wanted = chosen.map(async (source) => {
    const days = possible(source, { from, to }, runtime.clock.now(), await begunAt(runtime, source));
    return { source, days };
  });
  const reports: BackfillReport[] = [];
  for (const { source, days } of await Promise.all(wanted)) {
    const { connection_id } = source.connection;
    const id = backfillId(connection_id, days);
    const { streams } = source.provider.collect;
    // Somebody who asks by hand has perhaps mended what was refused.
    await clearMarks(runtime, connection_id);
    await changeBackfill(runtime, id, (before) =>
      before === undefined || before.finishedAt !== null
        ? newBackfill(connection_id, runtime.clock.now(), { streams, days })
        : { ...before, waits: {} },
    );
    const { signal, onProgress, maxWaitMs = PLACE_MS } = request;
    const slice = { signal, onProgress, maxWaitMs, chunks: SLICE_CHUNKS, waitMs: WAIT_MS };
    // Between two slices somebody with a new notice may take the hold.
    while ((await advance(runtime, source, id, slice)) === 'more') await runtime.clock.sleep(BREATH_MS);
    const after = await readBackfill(runtime, id);
    if (after !== undefined) reports.push(reportOf(source, after, days));
  }
  return reports;
}

/** Begins the backfill after connecting, or goes on with it after connecting again: with what is left, what is granted newly, and the days since. */
export async function startBackfill(runtime: CollectRuntime, connection: Connection): Promise<void> {
  const source = (await sources(runtime)).find((one) => one.connection.connection_id === connection.connection_id);
  if (source === undefined) return;
  await catchUp(runtime, source);
  await changeBackfill(runtime, backfillId(connection.connection_id), (before) => before && { ...before, waits: {} });
}

/** Goes on with every backfill a little, so that what is new is not kept waiting; answers how many are still open. */
export async function continueBackfills(runtime: CollectRuntime, patience: Patience = {}): Promise<number> {
  const known = await sources(runtime);
  // Connected or granted, and the process ended before it was begun.
  for (const source of known.filter(isFetchable)) await catchUp(runtime, source, 'news');
  for (const { id, value } of await openBackfills(runtime)) {
    const source = known.find(({ connection }) => connection.connection_id === value.connection_id);
    if (source === undefined) await dropBackfills(runtime, value.connection_id);
    else if (isFetchable(source) && patience.signal?.aborted !== true)
      await advance(runtime, source, id, { ...patience, chunks: SLICE_CHUNKS, waitMs: 0 });
  }
  return (await openBackfills(runtime)).length;
}

async function theirs(runtime: CollectRuntime, provider: string, userId: string): Promise<readonly Source[]> {
  const named = providerNamed(provider);
  const { id, name, collect } = named;
  if (collect === undefined || collect.streams.length === 0) throw noCollect(named);
  const chosen = (await sources(runtime)).filter(
    (source) => source.provider.id === id && source.connection.user_id === userId && isFetchable(source),
  );
  if (chosen.length > 0) return chosen;
  const message = `${name} is not connected.`;
  throw new WellspringError({
    code: 'not_connected',
    message,
    remedy: `wellspring connect ${id} --user ${userId} connects it.`,
    status: 404,
    exit: 2,
  });
}

function reportOf({ provider, connection }: Source, record: Backfill, days: Days): BackfillReport {
  const { done, total } = chunksOf(record, provider.collect.streams);
  const { requests, waits, finishedAt } = record;
  const [retryAtMs] = Object.values(waits)
    .map(({ untilMs }) => untilMs)
    .toSorted((a, b) => a - b);
  return {
    connection_id: connection.connection_id,
    ...days,
    state: finishedAt === null ? 'paused' : 'finished',
    chunks_done: done,
    chunks_total: total,
    requests,
    delivery: provider.collect.requestBackfill === undefined ? 'fetched' : 'asked',
    left_out: wordsOf(record.left_out),
    waiting: wordsOf(waits),
    retry_at: retryAtMs === undefined ? null : new Date(retryAtMs).toISOString(),
  };
}
