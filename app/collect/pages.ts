import type { Stream, Window } from '../../providers/kit/collect.ts';
import type { RawEnvelope } from '../envelope.ts';
import { storeRaw } from '../store.ts';
import { type Answered, ask } from './ask.ts';
import { clearGivenUp } from './given-up.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';

/** More pages than any window has: a provider that repeats itself must end somewhere. */
const MOST_PAGES = 200;
const TIMEOUT_MS = 20_000;
const MOST_BYTES = 10_000_000;

/** Where a window ended: whole, or why not. `texts` are the pages that were stored. */
export interface Paged {
  readonly end:
    | Extract<Answered, { ok: false }>
    | { readonly ok: true }
    | { readonly ok: false; readonly kind: 'cut'; readonly detail: string };
  readonly requests: number;
  readonly objects: number;
  readonly duplicates: number;
  readonly texts: readonly string[];
}

/**
 * Asks for one window page by page and stores every page as it came: all are parts of one delivery, with one event when the last is durable.
 * A page is written when the next one is here, so that the last is known; whatever ends the paging, what came is kept.
 */
export async function fetchWindow(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  window: Window,
  patience: Patience & { readonly renew: () => Promise<boolean>; readonly keepTexts?: boolean },
): Promise<Paged> {
  const { provider, connection } = source;
  const deliveryId = runtime.ids.id('d', 20);
  const receivedAt = runtime.clock.now();
  const seen = new Set<string | undefined>();
  const counted = { requests: 0, objects: 0, duplicates: 0 };
  const texts: string[] = [];
  let held: RawEnvelope | undefined;
  const store = async (events: 'one' | 'none'): Promise<void> => {
    if (held === undefined) return;
    const [stored] = await storeRaw(runtime, [held], { events });
    counted[stored?.outcome === 'duplicate' ? 'duplicates' : 'objects'] += 1;
  };
  const done = async (end: Paged['end']): Promise<Paged> => {
    await store('one');
    return { end, ...counted, texts };
  };
  const cut = (detail: string): Promise<Paged> => {
    runtime.counters?.count(provider.id, 'pages_cut');
    return done({ ok: false, kind: 'cut', detail });
  };
  for (let cursor: string | undefined; ;) {
    if (seen.has(cursor)) return cut('The provider pointed back to a page it had given; the pages before are stored.');
    if (seen.size >= MOST_PAGES) return cut(`There were more than ${MOST_PAGES} pages; those are stored.`);
    if (!(await patience.renew())) return done({ ok: false, kind: 'later', detail: 'Another process took over.' });
    seen.add(cursor);
    const request = stream.request(window, cursor);
    const asked = await ask(
      runtime,
      source,
      (bearer) => {
        counted.requests += 1;
        return runtime.egress.send(provider, request, { bearer, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES });
      },
      patience,
    );
    if (!asked.ok) return done(asked);
    if (asked.answer.body.byteLength === 0) return done({ ok: false, kind: 'later', detail: 'The answer was empty.' });
    if (stream.answer?.safeParse(asked.json).success === false) {
      // An error under a good status, or a mirror that holds our own token.
      runtime.counters?.count(provider.id, 'answer_unreadable');
      const detail = `${provider.name} answered something that is no answer of its API.`;
      return done({ ok: false, kind: 'later', detail });
    }
    await store('none');
    held = {
      provider: provider.id,
      account: connection.account,
      resource: stream.type,
      deliveryId,
      part: seen.size,
      receivedAt,
      receiver: 'fetch',
      data: asked.text,
      attributes: { connectionid: connection.connection_id },
    };
    if (patience.keepTexts === true) texts.push(asked.text);
    const next = nextOf(stream, asked.json);
    if (!next.ok) return done({ ok: false, kind: 'later', detail: 'The answer had another shape than documented.' });
    if (next.cursor === undefined) {
      const whole = await done({ ok: true });
      await clearGivenUp(runtime, connection.connection_id, stream.type, window);
      return whole;
    }
    cursor = next.cursor;
  }
}

/** A provider's file reads shapes that may have changed: that is no reason to end everything else. */
function nextOf(
  stream: Stream,
  json: unknown,
): { readonly ok: true; readonly cursor: string | undefined } | { readonly ok: false } {
  try {
    return { ok: true, cursor: stream.next(json) };
  } catch {
    return { ok: false };
  }
}
