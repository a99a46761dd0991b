import { findProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import type { CollectRuntime } from '../collect/runtime.ts';
import { unsubscribe } from '../collect/subscriptions.ts';
import { type Grant, openGrant } from '../grant.ts';
import { access } from '../refresh.ts';
import { type Connection, type ConnectionRecord, publicPart } from '../tie.ts';
import { endsOnlyThis, revoke } from './revoke.ts';
import { grantsAccess } from './setup.ts';

/** What the provider knows of the end of a grant, and the generation that was ended: 0 where there was none. */
export interface GivenBack {
  readonly outcome:
    /** Nothing was granted. */
    | 'nothing'
    /** It agreed, or had ended the grant before. */
    | 'told'
    /** It offers no way to end a grant from here. */
    | 'by_hand'
    /** It did not answer, and may at another time. */
    | 'later'
    /** What we hold is of no use for telling it: a grant that cannot be opened, or whose last answer was lost. */
    | 'untold'
    /** It would have ended what somebody else has there, or is being asked about: nothing was said. */
    | 'left';
  readonly generation: number;
}

/** What is needed of a connection to end it. */
type Ending = Pick<Connection, 'connection_id' | 'provider' | 'external_id'>;

/** Ends at the provider what a connection holds there, as far as the provider lets us: its notices, then its grant. Throws only what state and vault throw. */
export async function endGrant(runtime: CollectRuntime, one: Ending): Promise<GivenBack> {
  const { connection_id: id, external_id: externalId } = one;
  const opened = await openGrant(runtime.vault, id);
  if (opened.kind === 'none') return { outcome: 'nothing', generation: 0 };
  if (opened.kind === 'unreadable') return { outcome: 'untold', generation: opened.generation };
  // A provider may be gone from this version; what it granted is not.
  const provider: Provider | undefined = findProvider(one.provider);
  if (provider === undefined || !grantsAccess(provider)) {
    return { outcome: 'by_hand', generation: opened.grant.generation };
  }
  // Some revoke only with a token that still holds; without one it is tried all the same.
  const held = await access(runtime, id).catch(() => undefined);
  const record = await recordOf(runtime, id);
  if (record !== undefined) await unsubscribe(runtime, publicPart(record)).catch(() => false);
  const last = await openGrant(runtime.vault, id);
  if (last.kind === 'none') return { outcome: 'told', generation: 0 };
  if (last.kind === 'unreadable') return { outcome: 'untold', generation: last.generation };
  const { tokens, generation } = last.grant;
  if (!(await endsOnlyThis(runtime, provider, externalId, id))) return { outcome: 'left', generation };
  const said = await revoke(runtime, provider, { tokens, externalId });
  if (said === 'ended') return { outcome: 'told', generation };
  if (said === 'not_offered') return { outcome: 'by_hand', generation };
  if (said === 'not_told') return { outcome: 'later', generation };
  // It refuses the token itself. One that has only run out is renewed first, if it can be.
  if (held?.ok !== true && held?.reason !== 'needs_reconnect' && hasRunOut(runtime, last.grant)) {
    return { outcome: 'later', generation };
  }
  const cause = (await recordOf(runtime, id))?.cause ?? '';
  return { outcome: LIVES_ON.includes(cause) ? 'untold' : 'told', generation };
}

/** Causes after which the provider may hold a grant whose tokens nobody here has. */
const LIVES_ON = ['refresh_answer_lost', 'invalid_client'];

/** Whether an access token has ended by its own time: then a refusal says nothing of the grant. */
export function hasRunOut({ clock }: Pick<CollectRuntime, 'clock'>, { tokens }: Pick<Grant, 'tokens'>): boolean {
  return tokens.expiresAt !== null && tokens.expiresAt <= clock.now();
}

async function recordOf({ state }: Pick<CollectRuntime, 'state'>, id: string): Promise<ConnectionRecord | undefined> {
  return (await state.get<ConnectionRecord>('connection', id))?.value;
}
