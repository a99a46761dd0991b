import type { NoticeMeaning } from '../../providers/kit/collect.ts';
import { readJson } from '../../providers/kit/json.ts';
import { storeRaw } from '../store.ts';
import { ask } from './ask.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 10_000_000;

/**
 * Takes what lies behind an address of a notice and stores it as a push of its type: `stored` when that was new, `done` when it was there,
 * taken before (410) or refused for good, `left` when it is to be asked again. The address holds a token and is never told to anybody.
 */
export async function follow(
  runtime: CollectRuntime,
  source: Source,
  { type, url }: Pick<Extract<NoticeMeaning, { kind: 'follow' }>, 'type' | 'url'>,
  patience: Patience,
): Promise<'stored' | 'done' | 'left'> {
  const { provider, connection } = source;
  const { callbacks } = provider.collect;
  if (callbacks === undefined) return 'done';
  const door = { id: provider.id, callbacks };
  let refused = false;
  const asked = await ask(
    runtime,
    source,
    async (bearer) => {
      const sent = await runtime.egress.follow(door, url, { bearer, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES });
      refused = !sent.ok && sent.reason === 'refused_address';
      return sent;
    },
    patience,
  );
  if (refused) {
    // An address the gate refuses stays refused; that somebody sent one should be seen.
    runtime.counters?.count(provider.id, 'callback_refused');
    return 'done';
  }
  if (!asked.ok) {
    if (asked.kind === 'later' || asked.kind === 'ended') return 'left';
    runtime.counters?.count(provider.id, `callback_${asked.kind}`);
    return 'done';
  }
  const text = callbacks.wrap(type, asked.text);
  if (!readJson(Buffer.from(text)).ok) {
    runtime.counters?.count(provider.id, 'callback_unreadable');
    return 'done';
  }
  const envelope = {
    provider: provider.id,
    account: connection.account,
    resource: type,
    deliveryId: runtime.ids.id('d', 20),
    part: 1,
    receivedAt: runtime.clock.now(),
    receiver: 'fetch',
    data: text,
    attributes: { connectionid: connection.connection_id },
  } as const;
  const [stored] = await storeRaw(runtime, [envelope], { events: 'one' });
  return stored?.outcome === 'stored' ? 'stored' : 'done';
}
