import { createOAuthClient } from '../../providers/kit/oauth/client.ts';
import type { OAuth, OAuthClient } from '../../providers/kit/oauth/oauth.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { WellspringError } from '../errors.ts';
import { providerNamed } from '../provider.ts';
import type { Runtime } from '../runtime.ts';

/** A provider a person can grant access at. */
export type OAuthProvider = Provider & { readonly oauth: OAuth };

export function grantsAccess(provider: Provider): provider is OAuthProvider {
  return provider.oauth !== undefined;
}

/** The provider with an id, where people grant access; throws `unknown_provider`, `no_oauth`. */
export function oauthProvider(id: string): OAuthProvider {
  const provider = providerNamed(id);
  if (grantsAccess(provider)) return provider;
  throw new WellspringError({
    code: 'no_oauth',
    message: `${provider.name} has no access to grant.`,
    detail: 'Its data come as files, or from an app that sends them.',
    remedy: `wellspring link ${id} --user <name> or wellspring import ${id} <file> --user <name> brings them in.`,
    status: 404,
    exit: 2,
  });
}

/** True when client id and secret are there. */
export function isConfigured(runtime: Pick<Runtime, 'settings'>, providerId: string): boolean {
  const { clientId, clientSecrets } = runtime.settings(providerId);
  return clientId !== undefined && (clientSecrets ?? []).length > 0;
}

/** The OAuth calls of a provider with the owner's own keys; throws `client_missing` while they are not set, `client_secret_unreadable`. */
export async function clientOf(
  runtime: Pick<Runtime, 'settings' | 'oauthClient'>,
  provider: OAuthProvider,
): Promise<OAuthClient> {
  if (!isConfigured(runtime, provider.id)) {
    throw runtime.settings(provider.id).isSecretUnreadable === true
      ? secretUnreadable(provider)
      : clientMissing(provider);
  }
  return runtime.oauthClient(provider.id);
}

/** What a composition root gives a runtime as `oauthClient`: a client with the settings as they are at the time. */
export function createOAuthClients(
  runtime: Pick<Runtime, 'settings' | 'clock'>,
): (providerId: string) => Promise<OAuthClient> {
  return async (id) =>
    createOAuthClient({
      provider: oauthProvider(id),
      settings: runtime.settings(id),
      nowMs: () => runtime.clock.now(),
    });
}

/** Where the provider sends the browser back to: made from the configured address, never from a request. */
export function redirectUriOf(runtime: Pick<Runtime, 'publicUrl'>, providerId: string): string {
  return `${runtime.publicUrl}/oauth/${providerId}/callback`;
}

function secretUnreadable({ id, name }: Provider): WellspringError {
  return new WellspringError({
    code: 'client_secret_unreadable',
    message: `The client secret of ${name} is kept here and cannot be opened.`,
    detail: 'The key of the vault is another one than it was sealed with, or the record is damaged.',
    remedy: `Copy it from the portal and set it again: wellspring secret set ${id}.clientSecret < FILE`,
    status: 409,
    exit: 2,
  });
}

function clientMissing({ id, name }: Provider): WellspringError {
  return new WellspringError({
    code: 'client_missing',
    message: `${name} does not know this installation yet.`,
    detail: `It needs the client id and the client secret of your own app at ${name}.`,
    remedy:
      `Set ${id}ClientId in wellspring.json and run wellspring secret set ${id}.clientSecret; ` +
      `in a stack name ${id} in providers, set ${id}ClientId and ${id}ClientSecret with pulumi config set, and run pulumi up.`,
    status: 409,
    exit: 2,
  });
}
