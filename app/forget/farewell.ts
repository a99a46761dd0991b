import type { Vault } from '../../ports/vault/vault.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { OAuthProvider } from '../connect/setup.ts';
import { dropGrant, grantGeneration, type Opened, openGrant, saveGrant } from '../grant.ts';
import { mayPresentAgain } from '../refresh/patience.ts';
import { about, readPresentation } from '../refresh/presentation.ts';
import type { ForgetRuntime } from './runtime.ts';
import type { About } from './tombstone.ts';

/** Where a grant to be given back keeps whose it is: some providers want to be told. */
const EXTERNAL_ID = 'forgotten.external_id';
/** And since when (Unix ms) an answer to its refresh token is missing: from then on it is presented again only within a grace. */
const PRESENTED_AT = 'forgotten.presented_at';

/** Grants that are still to be given back, sealed beside those in use; nothing else of the person is kept with them. */
const farewells = (vault: Vault): Vault => ({
  read: (id) => vault.read(`farewell/${id}`),
  generation: (id) => vault.generation(`farewell/${id}`),
  replace: (id, text, options) => vault.replace(`farewell/${id}`, text, options),
  delete: (id, options) => vault.delete(`farewell/${id}`, options),
  ids: (prefix) => vault.ids(`farewell/${prefix}`),
});

export async function openFarewell({ vault }: Pick<ForgetRuntime, 'vault'>, connectionId: string): Promise<Opened> {
  return openGrant(farewells(vault), connectionId);
}

export async function dropFarewell({ vault }: Pick<ForgetRuntime, 'vault'>, connectionId: string): Promise<void> {
  await dropGrant(farewells(vault), connectionId);
}

/** The provider's own account id kept with a farewell. */
export const externalIdOf = ({ fields }: Tokens): string => fields[EXTERNAL_ID] ?? '';

/**
 * Moves the grant of a connection among the farewells, so that nobody else renews it from then on. `nothing` where there was none,
 * `untold` where it cannot be opened.
 */
export async function setAside(
  { vault, state }: Pick<ForgetRuntime, 'vault' | 'state'>,
  { connection_id: id, external_id: externalId }: Pick<About['connections'][number], 'connection_id' | 'external_id'>,
): Promise<'later' | 'untold' | 'nothing'> {
  const later = farewells(vault);
  for (;;) {
    const kept = await readPresentation({ state }, id);
    const opened = await openGrant(vault, id);
    if (opened.kind === 'unreadable') return 'untold';
    // A crash may have come after the move.
    const expect = await grantGeneration(later, id);
    if (opened.kind === 'none') return expect === 0 ? 'nothing' : 'later';
    const { tokens, generation } = opened.grant;
    const record = tokens.refresh === null ? undefined : about(tokens.refresh, kept);
    const sinceMs = record?.unknownSinceMs ?? record?.presented?.atMs;
    const fields = { ...tokens.fields, [EXTERNAL_ID]: externalId, ...presentedAt(sinceMs) };
    const saved = await saveGrant(later, id, { ...tokens, fields }, { expect });
    // One that was renewed meanwhile is moved instead.
    if (saved.ok && (await dropGrant(vault, id, { expect: generation }))) return 'later';
  }
}

/** What follows when a farewell's access token has run out. */
export type Renewed =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  /** The provider has ended the grant. */
  | { readonly kind: 'over' }
  /** A successor may have been issued that nobody has. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'later' };

/** Renews a farewell under the rule of custody: that its token is presented is durable before, and without a grace it never is twice. */
export async function renewFarewell(
  { vault, clock, oauthClient }: Pick<ForgetRuntime, 'vault' | 'clock' | 'oauthClient'>,
  { id: providerId, oauth }: OAuthProvider,
  connectionId: string,
): Promise<Renewed> {
  const later = farewells(vault);
  const opened = await openGrant(later, connectionId);
  if (opened.kind !== 'grant') return { kind: 'lost' };
  const { tokens, generation } = opened.grant;
  const { refresh, fields } = tokens;
  if (refresh === null) return { kind: 'over' };
  const before = PRESENTED_AT in fields ? Number(fields[PRESENTED_AT]) : undefined;
  if (before !== undefined && !mayPresentAgain(oauth, before, clock.now())) return { kind: 'lost' };
  const client = await oauthClient(providerId);
  const atMs = before ?? clock.now();
  const marked = { ...tokens, fields: { ...fields, ...presentedAt(atMs) } };
  const noted = await saveGrant(later, connectionId, marked, { expect: generation });
  // Somebody else is at it.
  if (!noted.ok) return { kind: 'later' };
  const outcome = await client.refresh(refresh).catch(() => ({ ok: false, kind: 'unknown' }) as const);
  const expect = noted.generation;
  if (outcome.ok) {
    const { [PRESENTED_AT]: _, ...kept } = { ...fields, ...outcome.tokens.fields };
    const next = { ...outcome.tokens, refresh: outcome.tokens.refresh ?? refresh, fields: kept };
    await saveGrant(later, connectionId, next, { expect });
    return { kind: 'tokens', tokens: next };
  }
  if (outcome.kind === 'unknown') return { kind: mayPresentAgain(oauth, atMs, clock.now()) ? 'later' : 'lost' };
  if (outcome.kind === 'refused' && outcome.error === 'invalid_grant') {
    return { kind: before === undefined ? 'over' : 'lost' };
  }
  // Nothing was issued: it is as if it had not been presented.
  await saveGrant(later, connectionId, tokens, { expect });
  return { kind: 'later' };
}

function presentedAt(ms: number | undefined): Readonly<Record<string, string>> {
  return ms === undefined ? {} : { [PRESENTED_AT]: String(ms) };
}
