import { placesLeft } from '../limits.ts';
import { backoffMs } from '../retry.ts';
import { type Backfill, changeBackfill, readBackfill, wordsOf } from './backfill-record.ts';
import { type ChunkOutcome, fetchChunk } from './chunk.ts';
import { type Hold, holding } from './hold.ts';
import { requestLimits } from './request.ts';
import { HOUR_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { isFetchable, refreshed, type Source } from './source.ts';
import { type Chunk, chunksOf, isOpen, nextChunk, withDone } from './stretch.ts';

const BASE_MS = 60_000;
/** One stream that fails may be broken by itself; another right after it, and it is the provider. */
const FAILURES = 2;

/** How far a backfill is, for somebody who watches it. */
export interface BackfillProgress {
  readonly done: number;
  /** Without what is left out. */
  readonly total: number;
  /** By type: why a stream is left out, in words. */
  readonly left_out: Readonly<Record<string, string>>;
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

/** Does chunks of a backfill until all are done or wait, it is stopped, the provider says "later", or the slice is full: then there is `more`. */
export async function advance(
  runtime: CollectRuntime,
  source: Source,
  id: string,
  slice: Slice,
): Promise<'more' | 'over'> {
  const { waitMs, signal } = slice;
  const began = { at: runtime.clock.now(), chunks: 0 };
  const change = (step: (now: Backfill) => Backfill): Promise<void> =>
    // One that is gone by now stays gone: its connection has ended.
    changeBackfill(runtime, id, (now) => (now === undefined ? undefined : step(now)));
  const end = await holding(runtime, source.connection.connection_id, { waitMs, signal }, async (hold: Hold) => {
    let failures = 0;
    for (let n = 0; n < slice.chunks; n += 1) {
      if (signal?.aborted === true) return 'over';
      const current = await refreshed(runtime, source);
      const record = await readBackfill(runtime, id);
      if (record === undefined || record.finishedAt !== null || current === undefined || !isFetchable(current))
        return 'over';
      const { streams } = current.provider.collect;
      const chunk = nextChunk(record, streams, runtime.clock.now());
      if (chunk === undefined) {
        const finishedAt = runtime.clock.now();
        await change((now) => (isOpen(now, streams) ? now : { ...now, finishedAt }));
        return 'over';
      }
      const fetched = await fetchChunk(runtime, current, chunk, { ...slice, ...hold });
      await change((now) => advanced(runtime, now, chunk, fetched));
      if (fetched.outcome === 'done') began.chunks += 1;
      await tell(runtime, current, id, { began, chunk, onProgress: slice.onProgress });
      failures = fetched.outcome === 'later' ? failures + 1 : 0;
      const isProviders = fetched.outcome === 'later' && fetched.retryAtMs !== undefined;
      if (isProviders || failures === FAILURES || (failures > 0 && !(await hold.renew()))) return 'over';
    }
    return 'more';
  });
  return end ?? 'over';
}

function advanced({ clock, ids }: CollectRuntime, before: Backfill, chunk: Chunk, fetched: ChunkOutcome): Backfill {
  const record = { ...before, requests: before.requests + fetched.requests };
  const { type } = chunk.stream;
  if (fetched.outcome === 'done') {
    const asked = chunk.again === true ? { againAt: { ...record.againAt, [type]: clock.now() } } : {};
    return { ...withDone(record, chunk), ...asked };
  }
  const { detail } = fetched;
  if (fetched.outcome === 'left_out')
    return { ...record, left_out: { ...record.left_out, [type]: { reason: fetched.reason, detail } } };
  const attempts = (record.waits[type]?.attempts ?? 0) + 1;
  const waitMs = BASE_MS + backoffMs(attempts, ids, { baseMs: BASE_MS, capMs: HOUR_MS - BASE_MS });
  const tried = fetched.outcome === 'later' && fetched.tried !== undefined ? { tried: fetched.tried } : {};
  const wait = { untilMs: fetched.retryAtMs ?? clock.now() + waitMs, attempts, detail, ...tried };
  return { ...record, waits: { ...record.waits, [type]: wait } };
}

async function tell(
  runtime: CollectRuntime,
  { provider, connection }: Source,
  id: string,
  { began, chunk, onProgress }: Told,
): Promise<void> {
  const record = onProgress === undefined ? undefined : await readBackfill(runtime, id);
  if (onProgress === undefined || record === undefined) return;
  const { done, total } = chunksOf(record, provider.collect.streams);
  const ratePerMin = (began.chunks * 60_000) / Math.max(1, runtime.clock.now() - began.at);
  const secondsLeft = ratePerMin === 0 ? null : Math.ceil(((total - done) * 60) / ratePerMin);
  const limited = provider.collect.requestBackfill === undefined ? provider : requestLimits(runtime, { provider });
  const quotaLeft = await placesLeft(runtime, limited, connection.account);
  const left_out = wordsOf(record.left_out);
  onProgress({
    done,
    total,
    left_out,
    ratePerMin,
    secondsLeft,
    quotaLeft,
    stream: chunk.stream.type,
    from: chunk.from,
  });
}
