import type { Vault } from '../../ports/vault/vault.ts';
import { revoke } from '../connect/revoke.ts';
import { type OAuthProvider, grantsAccess } from '../connect/setup.ts';
import { unsubscribe } from '../collect/subscriptions.ts';
import { dropGrant, readGrant, saveGrant } from '../grant.ts';
import { providerNamed } from '../provider.ts';
import { access } from '../refresh.ts';
import type { ConnectionRecord } from '../tie.ts';
import type { Told } from './receipt.ts';
import type { ForgetRuntime } from './runtime.ts';
import type { About, Tombstone } from './tombstone.ts';

const DAY_MS = 86_400_000;
const GIVE_UP_MS = 30 * DAY_MS;
/** Where a grant to be given back keeps whose it is: some providers want to be told. */
const EXTERNAL_ID = 'forgotten.external_id';

/** Grants that are still to be given back, sealed beside those in use; nothing else of the person is kept with them. */
const farewells = (vault: Vault): Vault => ({
  read: (id) => vault.read(`farewell/${id}`),
  replace: (id, text, options) => vault.replace(`farewell/${id}`, text, options),
  delete: (id) => vault.delete(`farewell/${id}`),
  ids: (prefix) => vault.ids(`farewell/${prefix}`),
});

/** Gives back what one connection holds at its provider; undefined where it holds nothing there. Never throws for what a provider does. */
export async function tell(runtime: ForgetRuntime, one: About['connections'][number]): Promise<Told | undefined> {
  const { connection_id, external_id: externalId } = one;
  const provider = providerNamed(one.provider);
  const record = (await runtime.state.get<ConnectionRecord>('connection', connection_id))?.value;
  if (!grantsAccess(provider) || (await readGrant(runtime.vault, connection_id)) === undefined) return undefined;
  const said = { provider: one.provider, connection_id };
  // A token that still holds, where one can be had; the condition of a connection that ends is of no interest any more.
  await access(runtime, connection_id).catch(() => undefined);
  if (record !== undefined) await unsubscribe(runtime, record).catch(() => false);
  const grant = await readGrant(runtime.vault, connection_id);
  if (provider.oauth.revoke === undefined) return { ...said, outcome: 'by_hand' };
  if (grant === undefined || (await revoke(runtime, provider, { tokens: grant.tokens, externalId }))) {
    return { ...said, outcome: 'told' };
  }
  const tokens = { ...grant.tokens, fields: { ...grant.tokens.fields, [EXTERNAL_ID]: externalId } };
  const later = farewells(runtime.vault);
  const expect = (await readGrant(later, connection_id))?.generation ?? 0;
  await saveGrant(later, connection_id, tokens, { expect });
  return { ...said, outcome: 'later' };
}

/** Tries again what could not be told; after thirty days it is given up and its grant destroyed. */
export async function tellLate(runtime: ForgetRuntime, tombstone: Tombstone): Promise<readonly Told[]> {
  const isOver = runtime.clock.now() >= tombstone.started_at + GIVE_UP_MS;
  const all: Told[] = [];
  for (const one of tombstone.providers) {
    const outcome = one.outcome === 'later' ? await giveBack(runtime, one, isOver) : one.outcome;
    if (outcome !== 'later' && one.outcome === 'later') await dropGrant(farewells(runtime.vault), one.connection_id);
    all.push({ ...one, outcome });
  }
  return all;
}

async function giveBack(runtime: ForgetRuntime, one: Told, isOver: boolean): Promise<Told['outcome']> {
  const provider = providerNamed(one.provider);
  const grant = await readGrant(farewells(runtime.vault), one.connection_id);
  if (grant === undefined || !grantsAccess(provider)) return 'given_up';
  const externalId = grant.tokens.fields[EXTERNAL_ID] ?? '';
  if (await revoke(runtime, provider, { tokens: grant.tokens, externalId })) return 'told';
  const tokens = await renewed(runtime, provider, one.connection_id);
  if (tokens !== undefined && (await revoke(runtime, provider, { tokens, externalId }))) return 'told';
  return isOver ? 'given_up' : 'later';
}

/** An access token that has ended is renewed first; nobody else presents this one any more. */
async function renewed(runtime: ForgetRuntime, provider: OAuthProvider, connectionId: string) {
  const later = farewells(runtime.vault);
  const grant = await readGrant(later, connectionId);
  const { refresh, expiresAt } = grant?.tokens ?? { refresh: null, expiresAt: null };
  if (grant === undefined || refresh === null || expiresAt === null || expiresAt > runtime.clock.now())
    return undefined;
  const client = await runtime.oauthClient(provider.id).catch(() => undefined);
  const outcome = await client?.refresh(refresh).catch(() => undefined);
  if (outcome?.ok !== true) return undefined;
  const fields = { ...grant.tokens.fields, ...outcome.tokens.fields };
  const tokens = { ...outcome.tokens, refresh: outcome.tokens.refresh ?? refresh, fields };
  await saveGrant(later, connectionId, tokens, { expect: grant.generation });
  return tokens;
}
