import { exclusively } from '../exclusive.ts';
import { dropGrant, readGrant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import { type Connection, everyRecord } from '../tie.ts';
import { takeOldChoices, undecided } from './choice.ts';
import { giveBack } from './revoke.ts';
import { oauthProvider } from './setup.ts';

export type TidyRuntime = Pick<Runtime, 'state' | 'clock' | 'settings' | 'egress' | 'vault'>;

/** Ends grants nobody decided about in time, and drops those a crash left without a connection. */
export async function tidyGrants(runtime: TidyRuntime): Promise<void> {
  for (const choice of await takeOldChoices(runtime)) await refuseGrant(runtime, choice.connection);
  await exclusively(runtime, async () => {
    const records = await everyRecord(runtime.state);
    const live = new Set(records.filter((one) => one.state !== 'disconnected').map((one) => one.connection_id));
    const waiting = await undecided(runtime);
    for (const id of await runtime.vault.ids('connection/')) {
      const connectionId = id.slice('connection/'.length);
      if (!live.has(connectionId) && !waiting.has(connectionId)) await dropGrant(runtime.vault, connectionId);
    }
  });
}

/** Gives a grant back that waited for an answer, and forgets it. */
export async function refuseGrant(runtime: TidyRuntime, connection: Connection): Promise<void> {
  const grant = await readGrant(runtime.vault, connection.connection_id);
  if (grant === undefined) return;
  const provider = oauthProvider(connection.provider);
  await giveBack(runtime, provider, { tokens: grant.tokens, externalId: connection.external_id });
  await dropGrant(runtime.vault, connection.connection_id);
}
