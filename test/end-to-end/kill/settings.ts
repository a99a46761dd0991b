import type { ProviderSettings } from '../../../providers/kit/provider.ts';
import { Secret } from '../../../providers/kit/secret.ts';

/** The product as an app at the simulated providers. */
export const CLIENTS = {
  withings: { clientId: 'withings-app', clientSecret: 'withings-secret' },
  oura: { clientId: 'oura-app', clientSecret: 'oura-secret' },
  garmin: { clientId: 'garmin-app', clientSecret: 'garmin-secret' },
} as const;
/** In this order: eight kills meet the first two as they connect, and the two that can be asked as they fetch. */
export const PROVIDERS = ['withings', 'garmin', 'oura'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Few streams, so that a look is some requests and a backfill not thousands. */
export const SCOPES: Readonly<Record<ProviderName, readonly string[]>> = {
  withings: ['user.metrics'],
  oura: ['daily'],
  garmin: ['HEALTH_EXPORT'],
};

/** `baseUrl`: where the simulated providers are. */
export function settingsOf(baseUrl: string): Readonly<Record<ProviderName, ProviderSettings>> {
  const of = (id: ProviderName): ProviderSettings => {
    const { clientId, clientSecret } = CLIENTS[id];
    const address = { clientId, clientSecrets: [new Secret(clientSecret)], baseUrl: `${baseUrl}/${id}` };
    // A watch is asked for its past by the minute: nobody here waits for that.
    return id === 'garmin' ? { ...address, limits: [] } : address;
  };
  return { withings: of('withings'), oura: of('oura'), garmin: of('garmin') };
}
