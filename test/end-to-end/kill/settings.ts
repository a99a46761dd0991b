import type { ProviderSettings } from '../../../providers/kit/provider.ts';
import { Secret } from '../../../providers/kit/secret.ts';

/** The product as an app at the simulated providers. */
export const CLIENTS = {
  withings: { clientId: 'withings-app', clientSecret: 'withings-secret' },
  oura: { clientId: 'oura-app', clientSecret: 'oura-secret' },
} as const;
export const PROVIDERS = ['withings', 'oura'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Few streams, so that a look is some requests and a backfill not thousands. */
export const SCOPES: Readonly<Record<ProviderName, readonly string[]>> = {
  withings: ['user.metrics'],
  oura: ['daily'],
};

/** `baseUrl`: where the simulated providers are. */
export function settingsOf(baseUrl: string): Readonly<Record<ProviderName, ProviderSettings>> {
  const of = (id: ProviderName): ProviderSettings => {
    const { clientId, clientSecret } = CLIENTS[id];
    return { clientId, clientSecrets: [new Secret(clientSecret)], baseUrl: `${baseUrl}/${id}` };
  };
  return { withings: of('withings'), oura: of('oura') };
}
