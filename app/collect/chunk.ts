import type { Window } from '../../providers/kit/collect.ts';
import { addDays } from '../days.ts';
import type { LeftOut } from './backfill-record.ts';
import { noteCollected } from './collected.ts';
import { readMark } from './mark.ts';
import { fetchWindow, type Paged } from './pages.ts';
import { missedAfter } from './missed.ts';
import { type Missed, notePending, pendingOf } from './pending.ts';
import { requestWindow } from './request.ts';
import { DAY_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { type Source, whySkipped } from './source.ts';
import type { Chunk } from './stretch.ts';
import { windowsOf } from './window.ts';

/** `refused`: the stream rests for a day, the others go on; `left_out`: it is not asked for again; `later` with a time holds for all of them. */
export type ChunkOutcome = { readonly requests: number } & (
  | { readonly outcome: 'done' }
  | ({ readonly outcome: 'left_out' } & LeftOut)
  | { readonly outcome: 'refused'; readonly detail: string; readonly retryAtMs: number }
  | ({ readonly outcome: 'later'; readonly detail: string; readonly retryAtMs?: number } & Pick<Chunk, 'tried'>)
);

/** Fetches one chunk of a backfill, or asks the provider to send it; only inside `holding`. */
export async function fetchChunk(
  runtime: CollectRuntime,
  source: Source,
  chunk: Chunk,
  patience: Patience & { readonly renew: () => Promise<boolean> },
): Promise<ChunkOutcome> {
  const skipped = await skippedChunk(runtime, source, chunk.stream);
  if (skipped !== undefined) return skipped;
  let requests = 0;
  const tomorrow = (): number => runtime.clock.now() + DAY_MS;
  for (const window of windowsOf(chunk, chunk.stream.windowDays, source.zone)) {
    const { end, requests: made, tried = 0 } = await fetchOrRequest(runtime, source, chunk, window, patience);
    requests += made;
    if (end.ok) continue;
    switch (end.kind) {
      case 'cut':
        await noteMissed(runtime, source, chunk, { cause: 'pages_cut', detail: end.detail });
        break;
      case 'ended':
        return { outcome: 'later', detail: 'It has to be connected again first.', requests };
      case 'later': {
        const retry = end.retryAtMs === undefined ? {} : { retryAtMs: end.retryAtMs };
        return { outcome: 'later', detail: end.detail, requests, ...retry, ...(tried > 0 && { tried }) };
      }
      case 'door_closed':
        return { outcome: 'left_out', reason: end.kind, detail: end.detail, requests };
      case 'request_refused': {
        const older = await askOlder(runtime, source, chunk, patience);
        requests += older.requests;
        if (!older.isAnswered) return { outcome: 'refused', detail: end.detail, requests, retryAtMs: tomorrow() };
        runtime.counters?.count(source.provider.id, 'window_refused');
        await noteMissed(runtime, source, chunk, { cause: 'request_refused', detail: end.detail });
        break;
      }
      case 'not_allowed':
        // Without a mark on the stream: days long past may be refused where those of today are not.
        return { outcome: 'refused', detail: end.detail, requests, retryAtMs: tomorrow() };
    }
  }
  return { outcome: 'done', requests };
}

/** Undefined when the stream may be asked for now. */
async function skippedChunk(
  runtime: CollectRuntime,
  source: Source,
  stream: Chunk['stream'],
): Promise<ChunkOutcome | undefined> {
  const skipped = await whySkipped(runtime, source, stream);
  if (skipped === undefined) return undefined;
  const { reason, detail } = skipped;
  if (reason === 'scope_missing' || reason === 'door_closed')
    return { outcome: 'left_out', reason, detail, requests: 0 };
  const mark = await readMark(runtime, source.connection.connection_id, stream.type);
  return mark === undefined
    ? { outcome: 'later', detail, requests: 0 }
    : { outcome: 'refused', detail, requests: 0, retryAtMs: mark.at + DAY_MS };
}

async function fetchOrRequest(
  runtime: CollectRuntime,
  source: Source,
  chunk: Pick<Chunk, 'stream' | 'again' | 'tried'>,
  window: Window,
  patience: Parameters<typeof fetchChunk>[3],
): Promise<Pick<Paged, 'end' | 'requests'> & Pick<Chunk, 'tried'>> {
  const { provider, connection } = source;
  if (provider.collect.requestBackfill !== undefined) return requestWindow(runtime, source, chunk, window, patience);
  const paged = await fetchWindow(runtime, source, chunk.stream, window, patience);
  if (paged.objects + paged.duplicates > 0) {
    await noteCollected(runtime, connection.connection_id, { at: runtime.clock.now() });
  }
  return paged;
}

/** Whether the window before a refused one is answered: then the refusal is about that window, else it is about the stream. */
async function askOlder(
  runtime: CollectRuntime,
  source: Source,
  { stream, from, oldest }: Chunk,
  patience: Parameters<typeof fetchChunk>[3],
): Promise<{ readonly isAnswered: boolean; readonly requests: number }> {
  const [to, first] = [addDays(from, -1), addDays(from, -stream.windowDays)];
  const [window] = windowsOf({ from: first < oldest ? oldest : first, to }, stream.windowDays, source.zone);
  // Who is only asked to send answers nothing, and what it was not asked for cannot be fetched later.
  const isSent = source.provider.collect.requestBackfill !== undefined;
  if (window === undefined || isSent) return { isAnswered: false, requests: 0 };
  const { end, requests } = await fetchWindow(runtime, source, stream, window, patience);
  return { isAnswered: end.ok || end.kind === 'cut', requests };
}

/** What is stored of it stays; the rest is asked for again beside the backfill, which goes on. */
async function noteMissed(
  runtime: CollectRuntime,
  { connection }: Source,
  { stream, from, to }: Chunk,
  because: Pick<Missed, 'cause' | 'detail'>,
): Promise<void> {
  const { detail } = because;
  const { connection_id } = connection;
  const noted = (await pendingOf(runtime, connection_id)).find(({ type }) => type === stream.type);
  const nowMs = runtime.clock.now();
  const asked = { missed: [{ from, to }], because };
  const { left: missed } = missedAfter(noted?.missed, asked, { nowMs, wasAsked: false, windowDays: stream.windowDays });
  const { days, attempts, notBeforeMs: retryAtMs } = noted ?? { days: [], attempts: 0, notBeforeMs: nowMs };
  const why = days.length === 0 ? detail : (noted?.detail ?? detail);
  const note = { connection_id, type: stream.type, days, attempts, detail: why, retryAtMs };
  await notePending(runtime, missed === undefined ? note : { ...note, missed });
}
