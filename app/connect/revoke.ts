import { accountOf } from '../../providers/kit/account.ts';
import type { ApiRequest } from '../../providers/kit/api.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import { listTombstones } from '../forget/tombstone.ts';
import type { Runtime } from '../runtime.ts';
import { everyRecord } from '../tie.ts';
import { askOnce } from './ask.ts';
import { undecided } from './choice.ts';
import type { OAuthProvider } from './setup.ts';

type RevokeRuntime = Pick<Runtime, 'state' | 'clock' | 'settings' | 'egress'>;

/** What a provider says to the end of a grant. */
export type Revoked =
  | 'ended'
  /** It offers nothing for that. */
  | 'not_offered'
  /** 401 to a request that shows the grant's own access token: the provider takes that one no more. */
  | 'token_refused'
  /** No answer, or another one than yes. */
  | 'not_told';

/** Ends a grant at the provider. Never throws for what the provider does. */
export async function revoke(
  runtime: Omit<RevokeRuntime, 'state'>,
  provider: OAuthProvider,
  grant: { readonly tokens: Tokens; readonly externalId: string },
): Promise<Revoked> {
  if (provider.oauth.revoke === undefined) return 'not_offered';
  let isRefused = false;
  const isEnded = await provider.oauth.revoke({
    ...grant,
    settings: runtime.settings(provider.id),
    nowS: Math.floor(runtime.clock.now() / 1000),
    async send(request, bearer) {
      const asked = await askOnce(runtime, provider, request, bearer);
      isRefused ||= asked.kind === 'unauthorised' && shows(request, bearer, grant.tokens.access);
      return asked.kind === 'ok' ? asked.json : undefined;
    },
  });
  if (isEnded) return 'ended';
  return isRefused ? 'token_refused' : 'not_told';
}

/** A call signed with the client's own keys is refused for those: that says nothing of the grant. */
function shows({ query = {}, form = {} }: ApiRequest, bearer: Secret | undefined, access: Secret): boolean {
  return bearer === access || [...Object.values(query), ...Object.values(form)].includes(access.reveal());
}

/** Gives back a grant that is not kept, unless that would end the grant somebody holds for the same account. */
export async function giveBack(
  runtime: RevokeRuntime,
  provider: OAuthProvider,
  grant: { readonly tokens: Tokens; readonly externalId: string },
): Promise<void> {
  if (await endsOnlyThis(runtime, provider, grant.externalId)) await revoke(runtime, provider, grant);
}

/**
 * Whether revoking a grant of an account leaves alone what others have of it, and what waits for an answer. `apart`: the connection the
 * grant is of. People who are being forgotten have nothing.
 */
export async function endsOnlyThis(
  { state }: Pick<Runtime, 'state'>,
  provider: OAuthProvider,
  externalId: string,
  apart?: string,
): Promise<boolean> {
  if (provider.oauth.revokes === 'token') return true;
  const account = accountOf(provider.id, externalId);
  const tied = (await everyRecord(state)).filter((one) => one.state !== 'disconnected');
  const gone = new Set((await listTombstones(state)).map((one) => one.user_id));
  const others = [...tied, ...(await undecided({ state }))].filter((one) => one.connection_id !== apart);
  return !others.some((one) => one.account === account && !gone.has(one.user_id));
}
