import { exclusively } from '../exclusive.ts';
import { readTombstone } from '../forget/tombstone.ts';
import { dropGrant, openGrant } from '../grant.ts';
import { type Connection, type ConnectionRecord, everyRecord } from '../tie.ts';
import { type Choice, choiceNamed, dropChoice } from './choice.ts';
import { type KeepRuntime, announce, replaceGrant } from './keep.ts';
import { type Taken, type TidyRuntime, giveBackTaken, takeGrant } from './tidy.ts';

export type Decided =
  /** There is no such question any more. */
  | { readonly kind: 'over' }
  | { readonly kind: 'added'; readonly connectionId: string; readonly ticket: string | null }
  | (Taken & {
      readonly kind: 'refused';
      readonly code: 'kept_as_it_was' | 'subject_conflict';
      readonly ticket: string | null;
    });

/** Answers the question about another account, once: the grant that waits becomes a connection, or is given back. */
export async function decide(
  runtime: KeepRuntime & TidyRuntime,
  browser: string,
  answer: { readonly id: string; readonly add: boolean },
): Promise<Decided> {
  const decided = await exclusively(runtime, () => settle(runtime, browser, answer));
  // The provider may be slow, and nobody waits for it.
  if (decided.kind === 'refused') await giveBackTaken(runtime, decided);
  return decided;
}

async function settle(
  runtime: KeepRuntime & TidyRuntime,
  browser: string,
  { id, add }: { readonly id: string; readonly add: boolean },
): Promise<Decided> {
  const open = await choiceNamed(runtime, browser, id);
  if (open === undefined) return { kind: 'over' };
  const { connection, ticket } = open.value;
  // Their grant is given back with all others, and no answer brings them back.
  if ((await readTombstone(runtime.state, connection.user_id)) !== undefined) return { kind: 'over' };
  const same = (await everyRecord(runtime.state)).filter((one) => one.account === connection.account);
  const isOthers = same.some((one) => one.user_id !== connection.user_id && one.state !== 'disconnected');
  if (add && !isOthers) {
    const mine = same.find((one) => one.user_id === connection.user_id);
    const { connection_id: connectionId } = await connect(runtime, browser, open.value, mine);
    await dropChoice(runtime, open);
    return { kind: 'added', connectionId, ticket };
  }
  await dropChoice(runtime, open);
  const tokens = await takeGrant(runtime, connection);
  return { kind: 'refused', code: add ? 'subject_conflict' : 'kept_as_it_was', connection, tokens, ticket };
}

/** The connection of a grant that waited; one the account had before keeps its id. */
async function connect(
  runtime: KeepRuntime,
  browser: string,
  { connection, offered_at }: Choice,
  mine: ConnectionRecord | undefined,
): Promise<Connection> {
  const from = connection.connection_id;
  const connection_id = mine?.connection_id ?? from;
  const added = { ...connection, connection_id };
  const opened = connection_id === from ? undefined : await openGrant(runtime.vault, from);
  if (opened?.kind === 'grant') await replaceGrant(runtime, connection_id, opened.grant.tokens);
  await announce(runtime, added, mine, { browser, grantedAtMs: offered_at });
  if (opened !== undefined) await dropGrant(runtime.vault, from);
  return added;
}
