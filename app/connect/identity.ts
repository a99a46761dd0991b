import { scopeList } from '../../providers/kit/oauth/tokens.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Runtime } from '../runtime.ts';
import { ask } from './ask.ts';
import type { OAuthProvider } from './setup.ts';

/** Right after the consent a provider may not know yet what was ticked. */
const TRIES = 3;
const WAIT_MS = 1000;
const MOST_SCOPES = 100;

/** The provider's own id of the account a grant is for; undefined when it cannot be learned. */
export async function accountBehind(
  runtime: Pick<Runtime, 'egress'>,
  provider: OAuthProvider,
  tokens: Tokens,
): Promise<string | undefined> {
  const { account } = provider.oauth;
  if ('field' in account) return tamed(tokens.fields[account.field]);
  const json = await ask(runtime, provider, account.request, tokens.access);
  return json === undefined ? undefined : tamed(account.read(json));
}

/**
 * What was granted: asked where the provider answers that, else as the token answer says, else as the callback says,
 * else what was asked for (RFC 6749 5.1). Undefined when it cannot be learned.
 */
export async function scopesBehind(
  runtime: Pick<Runtime, 'egress' | 'clock'>,
  provider: OAuthProvider,
  tokens: Tokens,
  callbackScope: string | undefined,
): Promise<readonly string[] | undefined> {
  const { granted, scopes } = provider.oauth;
  if (granted !== undefined) {
    for (let tries = 1; ; tries += 1) {
      const json = await ask(runtime, provider, granted.request, tokens.access);
      const found = json === undefined ? undefined : granted.read(json);
      if ((found !== undefined && found.length > 0) || tries === TRIES) return found;
      await runtime.clock.sleep(WAIT_MS);
    }
  }
  if (tokens.scopes !== null) return tokens.scopes;
  // Nothing said means everything asked for (RFC 6749 5.1).
  if (callbackScope === undefined) return Object.keys(scopes);
  // The browser carried it, so it may only name what there is.
  return scopeList(callbackScope)
    .slice(0, MOST_SCOPES)
    .filter((scope) => Object.hasOwn(scopes, scope));
}

function tamed(id: string | undefined): string | undefined {
  return id !== undefined && /^[\x21-\x7e]{1,200}$/.test(id) ? id : undefined;
}
