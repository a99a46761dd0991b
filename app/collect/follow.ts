import type { NoticeMeaning } from '../../providers/kit/collect.ts';
import { readJson } from '../../providers/kit/json.ts';
import type { RawEnvelope } from '../envelope.ts';
import { ask } from './ask.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';
import { heldAnswer, storeTaken, takenId, wasTaken } from './taken.ts';

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 10_000_000;

/**
 * Takes what lies behind an address of a notice and stores it as a push of its type: `stored` when that was new, `done` when it was there
 * or is refused for good, `left` when it is to be asked again, `lost` when the address is spent (410) and nothing of it is stored. The
 * address holds a token and is never told to anybody. Throws `storage_unavailable`; what was taken by then is stored by the next call.
 */
export async function follow(
  runtime: CollectRuntime,
  source: Source,
  { type, url }: Pick<Extract<NoticeMeaning, { kind: 'follow' }>, 'type' | 'url'>,
  patience: Patience,
): Promise<'stored' | 'done' | 'left' | 'lost'> {
  const { provider, connection } = source;
  const { callbacks } = provider.collect;
  if (callbacks === undefined) return 'done';
  const door = { id: provider.id, callbacks };
  const id = takenId(connection.connection_id, type, url);
  const store = async (envelope: RawEnvelope): Promise<'stored' | 'done'> =>
    (await storeTaken(runtime, id, envelope, patience)) === 'stored' ? 'stored' : 'done';
  const held = heldAnswer(runtime, id);
  if (held !== undefined) return store(held);
  // Another notice named it before.
  if (await wasTaken(runtime, id)) return 'done';
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
    return asked.kind === 'door_closed' ? 'lost' : 'done';
  }
  if (!callbacks.answer.safeParse(asked.json).success) {
    // Nothing, an error under a good status, or a mirror that holds the address with its token.
    runtime.counters?.count(provider.id, 'callback_unreadable');
    return 'left';
  }
  const text = callbacks.wrap(type, asked.text);
  if (!readJson(Buffer.from(text)).ok) {
    runtime.counters?.count(provider.id, 'callback_unreadable');
    return 'done';
  }
  return store({
    provider: provider.id,
    account: connection.account,
    resource: type,
    deliveryId: runtime.ids.id('d', 20),
    part: 1,
    receivedAt: runtime.clock.now(),
    receiver: 'fetch',
    data: text,
    attributes: { connectionid: connection.connection_id },
  });
}
