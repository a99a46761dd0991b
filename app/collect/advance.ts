import { placesLeft } from '../limits.ts';
import { backoffMs } from '../retry.ts';
import { type Backfill, type Chunk, chunksOf, nextChunk, readBackfill, writeBackfill } from './backfill-record.ts';
import { fetchChunk } from './chunk.ts';
import { type Hold, holding } from './hold.ts';
import { HOUR_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { isFetchable, refreshed, type Source } from './source.ts';

const BASE_MS = 60_000;

/** How far a backfill is, for somebody who watches it. */
export interface BackfillProgress {
  readonly done: number;
  readonly total: number;
  readonly ratePerMin: number;
  /** Null before a rate is known. */
  readonly secondsLeft: number | null;
  /** Requests the provider still allows at once; null where it names no limit. */
  readonly quotaLeft: number | null;
  /** The stream and the oldest day of the chunk just done. */
  readonly stream: string;
  readonly from: string;
}

/** How much is done before somebody else has a turn; `waitMs`: how long one who fetches already is waited for. */
export interface Slice extends Patience {
  readonly chunks: number;
  readonly waitMs: number;
  readonly onProgress?: ((progress: BackfillProgress) => void) | undefined;
}

interface Told extends Pick<Slice, 'onProgress'> {
  readonly began: { readonly at: number; readonly chunks: number };
  readonly chunk: Chunk;
}

/** Does chunks of a backfill until all are done, it is stopped, somebody says "later", or the slice is full: then there is `more`. */
export async function advance(
  runtime: CollectRuntime,
  source: Source,
  id: string,
  slice: Slice,
): Promise<'more' | 'over'> {
  const { waitMs, signal } = slice;
  const began = { at: runtime.clock.now(), chunks: 0 };
  const end = await holding(runtime, source.connection.connection_id, { waitMs, signal }, async (hold: Hold) => {
    for (let n = 0; n < slice.chunks; n += 1) {
      if (signal?.aborted === true) return 'over';
      const current = await refreshed(runtime, source);
      const record = await readBackfill(runtime, id);
      if (record === undefined || record.finishedAt !== null || current === undefined || !isFetchable(current))
        return 'over';
      const { streams } = current.provider.collect;
      const chunk = nextChunk(record, streams);
      if (chunk === undefined) {
        await writeBackfill(runtime, id, { ...record, finishedAt: runtime.clock.now() });
        return 'over';
      }
      const fetched = await fetchChunk(runtime, current, chunk, { ...slice, ...hold });
      const after = advanced(runtime, record, chunk, fetched);
      await writeBackfill(runtime, id, after);
      if (fetched.outcome === 'later') return 'over';
      began.chunks += 1;
      await tell(runtime, current, after, { began, chunk, onProgress: slice.onProgress });
    }
    return 'more';
  });
  return end ?? 'over';
}

function advanced(
  { clock, ids }: CollectRuntime,
  record: Backfill,
  { stream, from }: Chunk,
  fetched: Awaited<ReturnType<typeof fetchChunk>>,
): Backfill {
  const requests = record.requests + fetched.requests;
  if (fetched.outcome === 'later') {
    const attempts = record.attempts + 1;
    const waitMs = BASE_MS + backoffMs(attempts, ids, { baseMs: BASE_MS, capMs: HOUR_MS - BASE_MS });
    return { ...record, requests, attempts, notBeforeMs: fetched.retryAtMs ?? clock.now() + waitMs };
  }
  const well = { ...record, requests, attempts: 0, notBeforeMs: 0 };
  return fetched.outcome === 'done'
    ? { ...well, done: { ...record.done, [stream.type]: from } }
    : { ...well, left_out: { ...record.left_out, [stream.type]: fetched.detail } };
}

async function tell(
  runtime: CollectRuntime,
  { provider, connection }: Source,
  record: Backfill,
  { began, chunk, onProgress }: Told,
): Promise<void> {
  if (onProgress === undefined) return;
  const { done, total } = chunksOf(record, provider.collect.streams);
  const ratePerMin = (began.chunks * 60_000) / Math.max(1, runtime.clock.now() - began.at);
  const secondsLeft = ratePerMin === 0 ? null : Math.ceil(((total - done) * 60) / ratePerMin);
  const quotaLeft = await placesLeft(runtime, provider, connection.account);
  onProgress({ done, total, ratePerMin, secondsLeft, quotaLeft, stream: chunk.stream.type, from: chunk.from });
}
