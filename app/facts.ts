import { accountOf } from '../providers/kit/account.ts';
import type { Connection } from './tie.ts';
import type { UserProfile } from './people.ts';
import type { Runtime } from './runtime.ts';
import { storeRaw } from './store.ts';

/** What we ourselves know, kept as raw objects beside the providers' payloads; every fact is a full snapshot. */
export type Fact =
  | { readonly type: 'wellspring.user'; readonly data: UserProfile }
  | { readonly type: 'wellspring.connection'; readonly data: Connection };

/** Writes a fact, in force from now on, durably and publishes its event; `sequence` orders facts of the same millisecond. */
export async function recordFact(
  runtime: Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  fact: Fact,
): Promise<{ readonly key: string; readonly sequence: number }> {
  const sequence = await runtime.state.next('fact');
  const receivedAt = runtime.clock.now();
  const [stored] = await storeRaw(
    runtime,
    [
      {
        provider: 'wellspring',
        account: accountOf('wellspring', `user:${fact.data.user_id}`),
        resource: fact.type.slice('wellspring.'.length),
        deliveryId: runtime.ids.id('d', 16),
        part: 1,
        receivedAt,
        receiver: 'self',
        data: JSON.stringify({ effective_at: receivedAt, sequence, ...fact.data }),
      },
    ],
    { events: 'each' },
  );
  if (stored === undefined) throw new TypeError('facts: one envelope stored, no answer');
  return { key: stored.key, sequence };
}
