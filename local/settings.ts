import { clientSecrets } from '../app/client-secret.ts';
import { WellspringError } from '../app/errors.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { Vault } from '../ports/vault/vault.ts';
import { providers } from '../providers/index.ts';
import type { ProviderSettings } from '../providers/kit/provider.ts';
import type { Secret } from '../providers/kit/secret.ts';
import type { Environment } from './environment.ts';
import type { Configuration } from './keys.ts';

type Fixed = Readonly<Record<string, ProviderSettings>>;

/** Client secrets are held in memory and read again at most once a second, because `settings` cannot wait. */
export function createSettings(options: { readonly vault: Vault; readonly clock: Clock; readonly fixed: Fixed }): {
  readonly settings: (provider: string) => ProviderSettings;
  readonly refresh: () => Promise<void>;
} {
  const { vault, clock, fixed } = options;
  let secrets: ReadonlyMap<string, readonly Secret[]> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    settings: (provider) => ({ clientSecrets: secrets.get(provider) ?? [], ...fixed[provider] }),
    async refresh() {
      const now = clock.now();
      if (now - readAt < 1000) return;
      const names = (await vault.ids('client/')).map((id) => id.slice('client/'.length));
      const read = names.map(async (name) => [name, await clientSecrets({ vault, clock }, name)] as const);
      secrets = new Map(await Promise.all(read));
      readAt = now;
    },
  };
}

/** Client ids from the configuration, and where a provider's servers are, if not where its file says: `<PROVIDER>_BASE_URL`. Throws `bad_configuration`. */
export function providerSettings(values: Configuration, environment: Environment): Fixed {
  const all: Readonly<Record<string, unknown>> = values;
  return Object.fromEntries(
    Object.keys(providers).map((id) => {
      const clientId = all[`${id}ClientId`];
      const baseUrl = baseUrlOf(id, environment);
      return [id, { ...(typeof clientId === 'string' && { clientId }), ...(baseUrl !== undefined && { baseUrl }) }];
    }),
  );
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function baseUrlOf(id: string, environment: Environment): string | undefined {
  const variable = `${id.toUpperCase()}_BASE_URL`;
  const text = environment[variable] || undefined;
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBare =
    url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  const isPrivate = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (isBare && isPrivate) return text;
  throw new WellspringError({
    code: 'bad_configuration',
    message: `${variable} is not usable.`,
    detail:
      'Tokens and secrets go there: it must be https, or http on this machine, without a user name, query or fragment.',
    remedy: 'Change it or leave it out.',
    exit: 2,
  });
}
