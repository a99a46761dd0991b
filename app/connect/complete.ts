import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Runtime } from '../runtime.ts';
import type { Flow } from './flow.ts';
import { accountBehind, scopesBehind } from './identity.ts';
import { type KeepRuntime, keep } from './keep.ts';
import type { Refusal } from './refusal.ts';
import { refusalOf } from './refusal.ts';
import { giveBack, revoke } from './revoke.ts';
import { type OAuthProvider, clientOf } from './setup.ts';

export type CompleteRuntime = KeepRuntime & Pick<Runtime, 'egress' | 'settings' | 'oauthClient'>;

export type Completed =
  | { readonly kind: 'connected'; readonly connectionId: string }
  | { readonly kind: 'choice' }
  | { readonly kind: 'refused'; readonly code: Refusal };

const refused = (code: Refusal): Completed => ({ kind: 'refused', code });

/** Exchanges the code of a flow that was taken, learns whose grant it is and what it opens, and only then keeps it. */
export async function complete(
  runtime: CompleteRuntime,
  provider: OAuthProvider,
  flow: Flow,
  given: { readonly code: string; readonly scope: string | undefined; readonly verifier: string | undefined },
): Promise<Completed> {
  const client = await clientOf(runtime, provider);
  const { code, verifier } = given;
  const outcome = await client.exchange({ code, redirectUri: flow.redirect_uri, verifier });
  if (!outcome.ok) return refused(refusalOf(outcome));
  const { tokens } = outcome;
  const externalId = await accountBehind(runtime, provider, tokens);
  if (externalId === undefined) return abandon(runtime, provider, tokens);
  const scopes = await scopesBehind(runtime, provider, tokens, given.scope);
  const grant = { tokens, externalId };
  if (scopes === undefined || (scopes.length === 0 && Object.keys(provider.oauth.scopes).length > 0)) {
    await giveBack(runtime, provider, grant);
    return refused(scopes === undefined ? 'scopes_unknown' : 'nothing_granted');
  }
  const kept = await keep(runtime, { provider, userId: flow.user_id, ...grant, scopes }, flow);
  if (kept.kind === 'conflict') {
    await giveBack(runtime, provider, grant);
    return refused('subject_conflict');
  }
  return kept.kind === 'choice' ? kept : { kind: 'connected', connectionId: kept.connection.connection_id };
}

/** Nobody knows whose they are: they are given back only where that ends nobody else's. */
async function abandon(runtime: CompleteRuntime, provider: OAuthProvider, tokens: Tokens): Promise<Completed> {
  if (provider.oauth.revokes === 'token') await revoke(runtime, provider, { tokens, externalId: '' });
  return refused('account_unknown');
}
