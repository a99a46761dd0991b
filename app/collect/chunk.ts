import { ask } from './ask.ts';
import type { LeftOut } from './backfill-record.ts';
import { noteCollected } from './collected.ts';
import { readMark } from './mark.ts';
import { fetchWindow, type Paged } from './pages.ts';
import { missedAfter } from './missed.ts';
import { notePending, pendingOf } from './pending.ts';
import { DAY_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { type Source, whySkipped } from './source.ts';
import type { Chunk } from './stretch.ts';
import { windowsOf } from './window.ts';

/** `refused`: the stream rests for a day, the others go on; `left_out`: it is not asked for again; `later` with a time holds for all of them. */
export type ChunkOutcome = { readonly requests: number } & (
  | { readonly outcome: 'done' }
  | ({ readonly outcome: 'left_out' } & LeftOut)
  | { readonly outcome: 'refused'; readonly detail: string; readonly retryAtMs: number }
  | { readonly outcome: 'later'; readonly detail: string; readonly retryAtMs?: number }
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
  for (const window of windowsOf(chunk, chunk.stream.windowDays, source.zone)) {
    const { end, requests: made } = await fetchOrRequest(runtime, source, chunk.stream, window, patience);
    requests += made;
    if (end.ok) continue;
    switch (end.kind) {
      case 'cut':
        await noteCut(runtime, source, chunk, end.detail);
        break;
      case 'ended':
        return { outcome: 'later', detail: 'It has to be connected again first.', requests };
      case 'later': {
        const retry = end.retryAtMs === undefined ? {} : { retryAtMs: end.retryAtMs };
        return { outcome: 'later', detail: end.detail, requests, ...retry };
      }
      case 'door_closed':
        return { outcome: 'left_out', reason: end.kind, detail: end.detail, requests };
      case 'not_allowed':
      case 'request_refused':
        // Without a mark on the stream: days long past may be refused where those of today are not.
        return { outcome: 'refused', detail: end.detail, requests, retryAtMs: runtime.clock.now() + DAY_MS };
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
  stream: Chunk['stream'],
  window: Parameters<Chunk['stream']['request']>[0],
  patience: Parameters<typeof fetchChunk>[3],
): Promise<Pick<Paged, 'end' | 'requests'>> {
  const { provider, connection } = source;
  const { requestBackfill } = provider.collect;
  if (requestBackfill === undefined) {
    const paged = await fetchWindow(runtime, source, stream, window, patience);
    if (paged.objects + paged.duplicates > 0) {
      await noteCollected(runtime, connection.connection_id, { at: runtime.clock.now() });
    }
    return paged;
  }
  if (!(await patience.renew()))
    return { end: { ok: false, kind: 'later', detail: 'Another process took over.' }, requests: 0 };
  const request = requestBackfill(stream.type, window);
  const asked = await ask(runtime, source, (bearer) => runtime.egress.send(provider, request, { bearer }), patience);
  // 409: the same days were asked for before and come, or came, by themselves.
  const there = !asked.ok && asked.kind === 'request_refused' && asked.status === 409;
  return { end: there ? { ok: true } : asked, requests: 1 };
}

/** The first pages are stored; the rest is asked for again beside the backfill, which goes on. */
async function noteCut(
  runtime: CollectRuntime,
  { connection }: Source,
  { stream, from, to }: Chunk,
  detail: string,
): Promise<void> {
  const { connection_id } = connection;
  const noted = (await pendingOf(runtime, connection_id)).find(({ type }) => type === stream.type);
  const nowMs = runtime.clock.now();
  const cut = { missed: [{ from, to }], because: { cause: 'pages_cut', detail } } as const;
  const { left: missed } = missedAfter(noted?.missed, cut, { nowMs, wasAsked: false, windowDays: stream.windowDays });
  const { days, attempts, notBeforeMs: retryAtMs } = noted ?? { days: [], attempts: 0, notBeforeMs: nowMs };
  const why = days.length === 0 ? detail : (noted?.detail ?? detail);
  const note = { connection_id, type: stream.type, days, attempts, detail: why, retryAtMs };
  await notePending(runtime, missed === undefined ? note : { ...note, missed });
}
