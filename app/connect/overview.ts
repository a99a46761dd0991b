import { providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { streamsOf } from '../collect/look.ts';
import { localMoment } from '../days.ts';
import { type Freshness, readFreshness } from '../freshness.ts';
import type { User } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { type ConnectionStatus, status } from '../status.ts';
import { described } from './describe.ts';
import { grantsAccess, isConfigured } from './setup.ts';

/** One connection with its scopes in words. */
export interface Held extends ConnectionStatus {
  readonly granted: readonly string[];
  readonly missing: readonly string[];
}

/** One provider as one person has it, or may have it. */
export interface Offered {
  readonly provider: string;
  readonly name: string;
  /** `missing_client`: the owner has not set client id and secret; `unreadable_client`: the secret that was set cannot be opened; `none`: nothing is granted there. */
  readonly access: 'offered' | 'missing_client' | 'unreadable_client' | 'none';
  /** Something there sends its data to an address of ours. */
  readonly pushes: boolean;
  readonly takesFiles: boolean;
  readonly canFetch: boolean;
  /** Those that stand, then those that ended. */
  readonly connections: readonly Held[];
  /** Undefined where nothing is connected. */
  readonly freshness: Freshness | undefined;
}

/** Every provider with what one person has there: connected ones first, each group by name. */
export async function readOverview(
  runtime: Pick<Runtime, 'state' | 'vault' | 'warehouse' | 'clock' | 'settings'>,
  user: Pick<User, 'user_id' | 'zone'>,
): Promise<readonly Offered[]> {
  const { day } = localMoment(runtime.clock.now(), user.zone);
  const rows = await status(runtime, user.user_id);
  const fresh = await readFreshness(runtime, user, day);
  const all = Object.values<Provider>(providers).map((provider) => {
    const mine = rows.filter((row) => row.provider === provider.id).map(held);
    return offered(
      runtime,
      provider,
      mine,
      fresh.find((one) => one.provider === provider.id),
    );
  });
  const isTied = (one: Offered): boolean => one.connections.some(({ state }) => state !== 'disconnected');
  return all.toSorted((a, b) => Number(isTied(b)) - Number(isTied(a)) || a.name.localeCompare(b.name));
}

function held(row: ConnectionStatus): Held {
  const { granted, missing } = described(row);
  return { ...row, granted, missing };
}

function offered(
  runtime: Pick<Runtime, 'settings'>,
  provider: Provider,
  connections: readonly Held[],
  freshness: Freshness | undefined,
): Offered {
  const { id, name, collect } = provider;
  const ended = (one: Held): number => Number(one.state === 'disconnected');
  const lacks = runtime.settings(id).isSecretUnreadable === true ? 'unreadable_client' : 'missing_client';
  const access = !grantsAccess(provider) ? 'none' : isConfigured(runtime, id) ? 'offered' : lacks;
  const asks = connections.filter(({ kind, state }) => kind === 'oauth' && state === 'active');
  const canFetch =
    collect !== undefined &&
    asks.some((connection) => streamsOf({ provider: { ...provider, collect }, connection, zone: '' }).length > 0);
  return {
    provider: id,
    name,
    access,
    pushes: provider.webhook !== undefined,
    takesFiles: provider.import !== undefined,
    canFetch,
    connections: connections.toSorted((a, b) => ended(a) - ended(b)),
    freshness,
  };
}
