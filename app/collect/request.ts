import type { Window } from '../../providers/kit/collect.ts';
import { type Limited, takePlace } from '../limits.ts';
import { type Answered, ask } from './ask.ts';
import { begunAt, reachMs } from './reach.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';
import type { Chunk } from './stretch.ts';

/** Windows of lost days are told from those before them by their first second; so many are tried. */
const SHIFTS = 5;
const BACKGROUND_WAIT_MS = 2_000;

export type Requested = Extract<Answered, { ok: false }> | { readonly ok: true };

/** What counts the requests for old data, beside all that the provider is asked. */
export function requestLimits(
  { settings }: Pick<CollectRuntime, 'settings'>,
  { provider }: Pick<Source, 'provider'>,
): Limited {
  const limits = settings(provider.id).limits ?? provider.collect.backfillBounds?.limits ?? [];
  return { id: `${provider.id}.backfill`, collect: { limits } };
}

/**
 * Asks the provider to send the days of a window through its own door, only as far as it has them and up to now. That it was asked before is
 * as good: those days come, or came. Where they came and were lost it sends nothing for the same window, so another one is asked for;
 * `tried`: so many were known, and are not asked for again.
 */
export async function requestWindow(
  runtime: CollectRuntime,
  source: Source,
  { stream, again, tried = 0 }: Pick<Chunk, 'stream' | 'again' | 'tried'>,
  window: Window,
  patience: Patience & { readonly renew: () => Promise<boolean> },
): Promise<{ readonly end: Requested; readonly requests: number; readonly tried: number }> {
  const { provider } = source;
  const oldestMs = reachMs(source, await begunAt(runtime, source)) ?? 0;
  const [firstMs, toMs] = [Math.max(window.fromMs, oldestMs), Math.min(window.toMs, runtime.clock.now())];
  const first = again === true ? tried : 0;
  for (let shift = first; shift < (again === true ? SHIFTS : 1); shift += 1) {
    const so = { requests: shift - first, tried: shift };
    const fromMs = firstMs + shift * 1000;
    if (fromMs >= toMs) return { end: { ok: true }, ...so };
    if (!(await patience.renew())) return { end: later('Another process took over.'), ...so };
    const request = provider.collect.requestBackfill?.(stream.type, { ...window, fromMs, toMs });
    if (request === undefined) return { end: { ok: true }, ...so };
    const refused = await noPlace(runtime, source, patience);
    if (refused !== undefined) return { end: refused, ...so };
    const asked = await ask(runtime, source, (bearer) => runtime.egress.send(provider, request, { bearer }), patience);
    const isKnown = !asked.ok && asked.kind === 'request_refused' && asked.status === 409;
    if (!isKnown) return { end: asked, ...so, requests: so.requests + 1 };
  }
  if (again !== true) return { end: { ok: true }, requests: 1, tried: 0 };
  runtime.counters?.count(provider.id, 'callback_lost');
  return { end: { ok: true }, requests: SHIFTS - first, tried: 0 };
}

const later = (detail: string): Requested => ({ ok: false, kind: 'later', detail });

async function noPlace(
  { state, clock, ...runtime }: CollectRuntime,
  source: Source,
  { maxWaitMs = BACKGROUND_WAIT_MS, signal }: Patience,
): Promise<Requested | undefined> {
  const limited = requestLimits(runtime, source);
  const waiting = takePlace({ state, clock }, limited, source.connection.account, {
    maxWaitMs,
    ...(signal && { signal }),
  });
  const place = await waiting.catch((error: unknown) => {
    if (signal?.aborted === true) return undefined;
    throw error;
  });
  if (place === undefined) return later('It was stopped.');
  if (place.ok) return undefined;
  const detail = 'The provider limits how many days it is asked for.';
  return { ok: false, kind: 'later', retryAtMs: place.retryAtMs, detail };
}
