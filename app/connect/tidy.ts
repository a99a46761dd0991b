import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import { exclusively, stayExclusive } from '../exclusive.ts';
import { dropGrant, openGrant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import { type Connection, everyRecord } from '../tie.ts';
import { dropChoice, oldChoices, undecided } from './choice.ts';
import { giveBack } from './revoke.ts';
import { oauthProvider } from './setup.ts';

export type TidyRuntime = Pick<Runtime, 'state' | 'clock' | 'settings' | 'egress' | 'vault'>;

/** A grant that waited for an answer and is in the vault no more; without `tokens` there was none, or none that opens. */
export interface Taken {
  readonly connection: Connection;
  readonly tokens: Tokens | undefined;
}

/** Ends grants nobody decided about in time, and drops those a crash left without a connection. */
export async function tidyGrants(runtime: TidyRuntime): Promise<void> {
  const taken = await exclusively(runtime, async () => {
    const refused: Taken[] = [];
    for (const old of await oldChoices(runtime)) {
      await dropChoice(runtime, old);
      const { connection } = old.value;
      refused.push({ connection, tokens: await takeGrant(runtime, connection) });
    }
    await dropStray(runtime);
    return refused;
  });
  for (const one of taken) await giveBackTaken(runtime, one);
}

/**
 * Takes the grant that waited for an answer out of the vault, so that nothing is made of it any more. Undefined when it is a connection's by
 * now: whoever added it died before the question was gone. Only inside `exclusively`.
 */
export async function takeGrant(runtime: TidyRuntime, connection: Connection): Promise<Tokens | undefined> {
  const { connection_id: id, account, user_id } = connection;
  const added = (await everyRecord(runtime.state)).find(
    (one) => one.account === account && one.user_id === user_id && one.kind === 'oauth' && one.state !== 'disconnected',
  );
  if (added?.connection_id === id) return undefined;
  const opened = await openGrant(runtime.vault, id);
  await stayExclusive(runtime);
  await dropGrant(runtime.vault, id);
  return added === undefined && opened.kind === 'grant' ? opened.grant.tokens : undefined;
}

/** Gives back what was taken; never throws for what the provider does. */
export async function giveBackTaken(runtime: TidyRuntime, { connection, tokens }: Taken): Promise<void> {
  if (tokens === undefined) return;
  await giveBack(runtime, oauthProvider(connection.provider), { tokens, externalId: connection.external_id });
}

async function dropStray(runtime: TidyRuntime): Promise<void> {
  const records = await everyRecord(runtime.state);
  const tied = records.filter((one) => one.state !== 'disconnected');
  const wanted = new Set([...tied, ...(await undecided(runtime))].map((one) => one.connection_id));
  for (const id of await runtime.vault.ids('connection/')) {
    const connectionId = id.slice('connection/'.length);
    if (wanted.has(connectionId)) continue;
    await stayExclusive(runtime);
    await dropGrant(runtime.vault, connectionId);
  }
}
