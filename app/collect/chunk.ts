import type { Chunk } from './backfill-record.ts';
import { ask } from './ask.ts';
import { noteCollected } from './collected.ts';
import { setMark } from './mark.ts';
import { fetchWindow, type Paged } from './pages.ts';
import { notePending, pendingOf } from './pending.ts';
import { DAY_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { type Source, whySkipped } from './source.ts';
import { union, windowsOf } from './window.ts';

/** `left_out`: the stream is not asked for again in this backfill. */
export type ChunkOutcome = { readonly requests: number } & (
  | { readonly outcome: 'done' }
  | { readonly outcome: 'left_out'; readonly detail: string }
  | { readonly outcome: 'later'; readonly detail: string; readonly retryAtMs?: number }
);

/** Fetches one chunk of a backfill, or asks the provider to send it; only inside `holding`. */
export async function fetchChunk(
  runtime: CollectRuntime,
  source: Source,
  chunk: Chunk,
  patience: Patience & { readonly renew: () => Promise<boolean> },
): Promise<ChunkOutcome> {
  const skipped = await whySkipped(runtime, source, chunk.stream);
  if (skipped !== undefined) return { outcome: 'left_out', detail: skipped.detail, requests: 0 };
  let requests = 0;
  for (const window of windowsOf(chunk, chunk.stream.windowDays, source.zone)) {
    const { end, requests: made } = await fetchOrRequest(runtime, source, chunk.stream, window, patience);
    requests += made;
    if (end.ok) continue;
    if (end.kind === 'later' || end.kind === 'ended') {
      const detail = end.kind === 'ended' ? 'It has to be connected again first.' : end.detail;
      const retry = end.kind === 'later' && end.retryAtMs !== undefined ? { retryAtMs: end.retryAtMs } : {};
      return { outcome: 'later', detail, requests, ...retry };
    }
    if (end.kind === 'cut') {
      await noteCut(runtime, source, chunk, end.detail);
      continue;
    }
    await setMark(runtime, source.connection.connection_id, {
      type: chunk.stream.type,
      cause: end.kind,
      detail: end.detail,
    });
    return { outcome: 'left_out', detail: end.detail, requests };
  }
  return { outcome: 'done', requests };
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
  const days = union([{ from, to }, ...(noted?.days ?? [])], stream.windowDays);
  const attempts = (noted?.attempts ?? 0) + 1;
  await notePending(runtime, {
    connection_id,
    type: stream.type,
    days,
    attempts,
    detail,
    retryAtMs: runtime.clock.now() + DAY_MS,
  });
}
