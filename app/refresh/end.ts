import { setCondition } from '../condition.ts';
import { type Grant, grantGeneration, openGrant } from '../grant.ts';
import type { ConnectionRecord } from '../tie.ts';
import type { Access, Custody } from './custody.ts';

const LOST = 'refresh_answer_lost';
const UNREADABLE = 'grant_unreadable';

/** Causes a connection ends with here: the token endpoint's own word, or one of ours. */
export type EndCause =
  | 'invalid_grant'
  | 'invalid_client'
  | 'expired'
  | 'unauthorised'
  | typeof LOST
  | typeof UNREADABLE;

/** Says that only the person can go on. Undefined when the grant has changed under our hands: then nothing has ended. */
export async function end(
  custody: Custody,
  connectionId: string,
  grant: Pick<Grant, 'generation'>,
  cause: EndCause,
): Promise<Access | undefined> {
  await setCondition(custody, connectionId, { state: 'needs_reconnect', cause });
  const there = await grantGeneration(custody.vault, connectionId);
  if (there === grant.generation) return { ok: false, reason: 'needs_reconnect' };
  if (await isEnded(custody, connectionId, cause)) {
    await setCondition(custody, connectionId, { state: 'active', cause: null });
  }
  return undefined;
}

/** Whether it was given up only because an answer was lost. */
export async function isLost(custody: Custody, connectionId: string): Promise<boolean> {
  return isEnded(custody, connectionId, LOST);
}

/** Takes back that a grant could not be opened once it can be: the key of the vault was put back. */
export async function reopen(custody: Custody, connectionId: string): Promise<void> {
  if (!(await isEnded(custody, connectionId, UNREADABLE))) return;
  const opened = await openGrant(custody.vault, connectionId);
  if (opened.kind === 'grant') await setCondition(custody, connectionId, { state: 'active', cause: null });
}

async function isEnded({ state }: Custody, connectionId: string, cause: EndCause): Promise<boolean> {
  const record = await state.get<ConnectionRecord>('connection', connectionId);
  return record?.value.state === 'needs_reconnect' && record.value.cause === cause;
}
