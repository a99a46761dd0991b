import { accountOf } from '../../providers/kit/account.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Runtime } from '../runtime.ts';
import { everyRecord } from '../tie.ts';
import { ask } from './ask.ts';
import type { OAuthProvider } from './setup.ts';

type RevokeRuntime = Pick<Runtime, 'state' | 'clock' | 'settings' | 'egress'>;

/** Ends a grant at the provider; false when it offers nothing for that or did not agree. Never throws for what the provider does. */
export async function revoke(
  runtime: Omit<RevokeRuntime, 'state'>,
  provider: OAuthProvider,
  grant: { readonly tokens: Tokens; readonly externalId: string },
): Promise<boolean> {
  if (provider.oauth.revoke === undefined) return false;
  return provider.oauth.revoke({
    ...grant,
    settings: runtime.settings(provider.id),
    nowS: Math.floor(runtime.clock.now() / 1000),
    send: (request, bearer) => ask(runtime, provider, request, bearer),
  });
}

/** Gives back a grant that is not kept, unless that would end the grant somebody holds for the same account. */
export async function giveBack(
  runtime: RevokeRuntime,
  provider: OAuthProvider,
  grant: { readonly tokens: Tokens; readonly externalId: string },
): Promise<void> {
  const account = accountOf(provider.id, grant.externalId);
  const records = await everyRecord(runtime.state);
  const isHeld = records.some((one) => one.account === account && one.state !== 'disconnected');
  if (isHeld && provider.oauth.revokes !== 'token') return;
  await revoke(runtime, provider, grant);
}
