import { providerNamed } from '../provider.ts';
import { addDays, localMoment } from '../days.ts';
import { WellspringError } from '../errors.ts';
import { advance, type BackfillProgress } from './advance.ts';
import {
  type Backfill,
  backfillId,
  chunksOf,
  newBackfill,
  openBackfills,
  readBackfill,
  writeBackfill,
} from './backfill-record.ts';
import { type CollectRuntime, type Patience } from './runtime.ts';
import { isFetchable, type Source, sources } from './source.ts';
import type { Connection } from '../tie.ts';
import { type Days, lastDays } from './window.ts';

/** A year, where the provider names no bound of its own. */
const DEFAULT_DAYS = 365;
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
  readonly chunks_total: number;
  readonly requests: number;
  /** By type: why a stream was left out, in words. */
  readonly left_out: Readonly<Record<string, string>>;
  readonly retry_at: string | null;
}

/**
 * Fetches days of a person's connections with a provider, newest first; what was done before the last end is not asked for again.
 * Throws `unknown_provider`, `not_connected`, `no_collect`.
 */
export async function backfill(runtime: CollectRuntime, request: BackfillRequest): Promise<readonly BackfillReport[]> {
  const { provider, userId, from, to } = request;
  const chosen = await theirs(runtime, provider, userId);
  const reports: BackfillReport[] = [];
  for (const source of chosen) {
    const { connection_id } = source.connection;
    const id = backfillId(connection_id, { from, to });
    const before = await readBackfill(runtime, id);
    if (before === undefined || before.finishedAt !== null) {
      await writeBackfill(runtime, id, newBackfill(connection_id, { from, to }, runtime.clock.now()));
    }
    const { signal, onProgress, maxWaitMs = PLACE_MS } = request;
    const slice = { signal, onProgress, maxWaitMs, chunks: SLICE_CHUNKS, waitMs: WAIT_MS };
    // Between two slices somebody with a new notice may take the hold.
    while ((await advance(runtime, source, id, slice)) === 'more') await runtime.clock.sleep(BREATH_MS);
    const after = await readBackfill(runtime, id);
    if (after !== undefined) reports.push(reportOf(source, after));
  }
  return reports;
}

/** Begins the backfill after connecting, or after connecting again from where the last one ended; the sweep does the work. */
export async function startBackfill(runtime: CollectRuntime, connection: Connection): Promise<void> {
  const source = (await sources(runtime)).find((one) => one.connection.connection_id === connection.connection_id);
  if (source === undefined) return;
  const id = backfillId(connection.connection_id);
  const before = await readBackfill(runtime, id);
  if (before !== undefined && before.finishedAt === null) return;
  const { day: to } = localMoment(runtime.clock.now(), source.zone);
  const all = lastDays(runtime.clock.now(), source.zone, source.provider.collect.backfillDays ?? DEFAULT_DAYS).from;
  const gap = before === undefined ? all : addDays(before.to, -runtime.lookbackDays);
  const days: Days = { from: gap > all ? gap : all, to };
  await writeBackfill(runtime, id, newBackfill(connection.connection_id, days, runtime.clock.now()));
}

/** Goes on with every backfill a little, so that what is new is not kept waiting; answers how many are still open. */
export async function continueBackfills(runtime: CollectRuntime, patience: Patience = {}): Promise<number> {
  const known = (await sources(runtime)).filter(isFetchable);
  // Connected, and the process ended before it was begun.
  for (const { connection } of known) {
    if ((await readBackfill(runtime, backfillId(connection.connection_id))) === undefined)
      await startBackfill(runtime, connection);
  }
  for (const { id, value } of await openBackfills(runtime)) {
    const source = known.find(({ connection }) => connection.connection_id === value.connection_id);
    const mayGoOn = patience.signal?.aborted !== true && value.notBeforeMs <= runtime.clock.now();
    if (source === undefined || !mayGoOn) continue;
    await advance(runtime, source, id, { ...patience, chunks: SLICE_CHUNKS, waitMs: 0 });
  }
  return (await openBackfills(runtime)).length;
}

async function theirs(runtime: CollectRuntime, provider: string, userId: string): Promise<readonly Source[]> {
  const { id, name, collect } = providerNamed(provider);
  if (collect === undefined) {
    const message = `${name} offers nothing to fetch.`;
    throw new WellspringError({ code: 'no_collect', message, status: 400, exit: 2 });
  }
  const chosen = (await sources(runtime)).filter(
    (source) => source.provider.id === id && source.connection.user_id === userId && isFetchable(source),
  );
  if (chosen.length > 0) return chosen;
  const message = `${name} is not connected.`;
  throw new WellspringError({
    code: 'not_connected',
    message,
    remedy: `wellspring connect ${id} connects it.`,
    status: 404,
    exit: 2,
  });
}

function reportOf({ provider, connection }: Source, record: Backfill): BackfillReport {
  const { done, total } = chunksOf(record, provider.collect.streams);
  const { from, to, requests, left_out, finishedAt, notBeforeMs } = record;
  const retry_at = notBeforeMs === 0 ? null : new Date(notBeforeMs).toISOString();
  const counts = { chunks_done: done, chunks_total: total, requests, left_out, retry_at };
  return {
    connection_id: connection.connection_id,
    from,
    to,
    state: finishedAt === null ? 'paused' : 'finished',
    ...counts,
  };
}
