import { providers } from '../providers/index.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { redirectUriOf } from './connect/setup.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';

/** The addresses to paste at a provider, and where; null where its door needs none. The webhook address may hold a secret. */
export interface ProviderUrls {
  readonly provider: string;
  readonly webhook_url: string | null;
  readonly redirect_url: string | null;
  readonly portal: string;
}

/** Id of the one path key of a stack and provider. */
const PATH_KEY_ID = 'k1';

/** The addresses of one provider, or of all of them; throws `unknown_provider`. */
export function urls(runtime: Pick<Runtime, 'publicUrl' | 'keyring'>, provider?: string): readonly ProviderUrls[] {
  const wanted: readonly Provider[] = provider === undefined ? Object.values(providers) : [providerNamed(provider)];
  return wanted.map((one) => ({
    provider: one.id,
    webhook_url: webhookUrl(runtime, one),
    redirect_url: one.oauth === undefined ? null : redirectUriOf(runtime, one.id),
    portal: one.portal,
  }));
}

/** Where a provider's pushes go, with the secret segment for a door that does not sign; null when it has no push door. */
export function webhookUrl(runtime: Pick<Runtime, 'publicUrl' | 'keyring'>, provider: Provider): string | null {
  if (provider.webhook === undefined) return null;
  const address = `${runtime.publicUrl}/webhooks/${provider.id}`;
  return provider.webhook.auth === 'path'
    ? `${address}/${runtime.keyring.issue(provider.id, 'path', PATH_KEY_ID)}`
    : address;
}
