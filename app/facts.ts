import { accountOf } from '../providers/kit/account.ts';
import type { Connection } from './tie.ts';
import type { RawEnvelope } from './envelope.ts';
import { WellspringError } from './errors.ts';
import { readTombstone } from './forget/tombstone.ts';
import type { StatedGoal } from './goals.ts';
import type { UserProfile } from './people.ts';
import type { Runtime } from './runtime.ts';
import { storeRaw } from './store.ts';

/** What we ourselves know, kept as raw objects beside the providers' payloads; every fact is a full snapshot. */
export type Fact =
  | { readonly type: 'wellspring.user'; readonly data: UserProfile }
  | { readonly type: 'wellspring.connection'; readonly data: Connection }
  | { readonly type: 'wellspring.goal'; readonly data: StatedGoal }
  | { readonly type: 'wellspring.fetched'; readonly data: Fetched }
  | { readonly type: 'wellspring.retraction'; readonly data: Retraction };

/** Whatever notices of the account asked for that came until `effective_at` (Unix ms) is stored, or refused for a stated reason. */
export interface Fetched {
  readonly user_id: string;
  readonly account: string;
  readonly effective_at: number;
}

/** What is as if it had never come: whole objects, and what was received of a record before `effective_at` (Unix ms). */
export interface Retraction {
  readonly user_id: string;
  readonly effective_at: number;
  readonly raw_keys: readonly string[];
  /** `type` as in raw objects (`oura.sleep`), `id` the provider's own. */
  readonly records: readonly { readonly account: string; readonly type: string; readonly id: string }[];
}

/** A fact before it is written: in force from `receivedAt` (Unix ms) on where it does not say otherwise itself. */
export function factEnvelope(
  fact: Fact,
  told: { readonly receivedAt: number; readonly sequence: number; readonly deliveryId: string },
): RawEnvelope {
  const { receivedAt, sequence, deliveryId } = told;
  return {
    provider: 'wellspring',
    account: accountOf('wellspring', `user:${fact.data.user_id}`),
    resource: fact.type.slice('wellspring.'.length),
    deliveryId,
    part: 1,
    receivedAt,
    receiver: 'self',
    data: JSON.stringify({ effective_at: receivedAt, sequence, ...fact.data }),
  };
}

/**
 * Writes a fact, in force from now on, durably and publishes its event; `sequence` orders facts of the same millisecond.
 * Throws `forgotten` for somebody of whom nothing may be kept any more.
 */
export async function recordFact(
  runtime: Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  fact: Fact,
): Promise<{ readonly key: string; readonly sequence: number }> {
  await refuseForgotten(runtime, fact.data.user_id);
  const sequence = await runtime.state.next('fact');
  const receivedAt = runtime.clock.now();
  const deliveryId = runtime.ids.id('d', 16);
  const [stored] = await storeRaw(runtime, [factEnvelope(fact, { receivedAt, sequence, deliveryId })], {
    events: 'each',
  });
  if (stored === undefined) throw new TypeError('facts: one envelope stored, no answer');
  return { key: stored.key, sequence };
}

/** Throws `forgotten` for somebody who is being or has been forgotten; what follows from it holds only inside `exclusively`. */
export async function refuseForgotten({ state }: Pick<Runtime, 'state'>, userId: string): Promise<void> {
  if ((await readTombstone(state, userId)) === undefined) return;
  throw new WellspringError({
    code: 'forgotten',
    message: 'This person was forgotten: nothing is kept of them any more.',
    remedy: 'wellspring user add makes them again, as somebody new.',
    status: 404,
    exit: 2,
  });
}
