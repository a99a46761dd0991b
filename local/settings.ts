import { clientSecrets } from '../app/client-secret.ts';
import { WellspringError } from '../app/errors.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { State } from '../ports/state/state.ts';
import type { Vault } from '../ports/vault/vault.ts';
import { providers } from '../providers/index.ts';
import type { ProviderSettings } from '../providers/kit/provider.ts';
import type { Secret } from '../providers/kit/secret.ts';
import type { Environment } from './environment.ts';
import type { Configuration } from './keys.ts';

type Fixed = Readonly<Record<string, ProviderSettings>>;

/** Where the simulated providers of a demo answer, kept with its data: no command on them may ever ask the real ones with made-up tokens. */
type Played = Pick<ProviderSettings, 'clientId' | 'baseUrl' | 'limits'>;
const PLAYED = 'sandbox';

/** Remembers the simulated providers this data directory belongs to. */
export async function rememberPlayed(state: State, all: Readonly<Record<string, Played>>): Promise<void> {
  for (const [id, { clientId, baseUrl, limits }] of Object.entries(all))
    await state.put(PLAYED, id, { clientId, baseUrl, limits });
}

/** Client secrets are held in memory and read again at most once a second, because `settings` cannot wait. */
export function createSettings(options: {
  readonly vault: Vault;
  readonly state: State;
  readonly clock: Clock;
  readonly fixed: Fixed;
}): {
  readonly settings: (provider: string) => ProviderSettings;
  readonly refresh: () => Promise<void>;
} {
  const { vault, state, clock, fixed } = options;
  let secrets: ReadonlyMap<string, readonly Secret[] | 'unreadable'> = new Map();
  let played: Fixed = {};
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    settings: (provider) => ({
      ...held(secrets.get(provider)),
      ...played[provider],
      ...fixed[provider],
    }),
    async refresh() {
      const now = clock.now();
      if (now - readAt < 1000) return;
      const names = (await vault.ids('client/')).map((id) => id.slice('client/'.length));
      // While the vault's key cannot be read the doors go on with what was opened before; one never opened is sent again later.
      const kept = (name: string) => secrets.get(name) ?? 'unreadable';
      const read = names.map(
        async (name) => [name, await clientSecrets({ vault, clock }, name).catch(() => kept(name))] as const,
      );
      secrets = new Map(await Promise.all(read));
      played = Object.fromEntries((await state.list<Played>(PLAYED)).map(({ id, value }) => [id, value]));
      readAt = now;
    },
  };
}

/** One that cannot be opened is that provider's trouble alone: everything else goes on. */
function held(secrets: readonly Secret[] | 'unreadable' = []): ProviderSettings {
  return secrets === 'unreadable' ? { clientSecrets: [], isSecretUnreadable: true } : { clientSecrets: secrets };
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
