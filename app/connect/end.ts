import type { CollectRuntime } from '../collect/runtime.ts';
import { unsubscribe } from '../collect/subscriptions.ts';
import { readGrant } from '../grant.ts';
import { providerNamed } from '../provider.ts';
import { access } from '../refresh.ts';
import type { Connection } from '../tie.ts';
import { revoke } from './revoke.ts';
import { grantsAccess } from './setup.ts';

/** Ends at the provider what a connection holds there, as far as the provider lets us: its notices, then its grant. Nothing to end is no error. */
export async function endGrant(runtime: CollectRuntime, connection: Connection): Promise<void> {
  const provider = providerNamed(connection.provider);
  const { connection_id: id, external_id: externalId } = connection;
  if (!grantsAccess(provider) || (await readGrant(runtime.vault, id)) === undefined) return;
  // Some revoke only with a token that still holds; without one it is tried all the same.
  await access(runtime, id);
  await unsubscribe(runtime, connection);
  const grant = await readGrant(runtime.vault, id);
  if (grant !== undefined) await revoke(runtime, provider, { tokens: grant.tokens, externalId });
}
