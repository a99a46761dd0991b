import { providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { listConnections } from '../connections.ts';
import { providerNamed } from '../provider.ts';
import type { Runtime } from '../runtime.ts';
import type { Connection } from '../tie.ts';
import { grantsAccess, isConfigured } from './setup.ts';

/** A connection in words. */
export interface Described {
  readonly connection: Connection;
  readonly name: string;
  /** What the granted scopes open, and what is closed for want of one. */
  readonly granted: readonly string[];
  readonly missing: readonly string[];
}

/** One provider as a person can connect it. */
export interface Connectable {
  readonly provider: string;
  readonly name: string;
  /** The owner has set client id and secret. */
  readonly configured: boolean;
  readonly connections: readonly Described[];
}

/** What a connection's scopes mean. A scope nobody has words for stands as it is. */
export function described(connection: Connection): Described {
  const provider: Provider = providerNamed(connection.provider);
  const words = provider.oauth?.scopes ?? {};
  const asked = connection.kind === 'oauth' ? Object.keys(words) : [];
  return {
    connection,
    name: provider.name,
    granted: connection.scopes.map((scope) => words[scope] ?? scope),
    missing: asked.filter((scope) => !connection.scopes.includes(scope)).map((scope) => words[scope] ?? scope),
  };
}

/** Every provider where access is granted, with what one person has there; ended connections are left out. */
export async function connectables(
  runtime: Pick<Runtime, 'state' | 'settings'>,
  userId: string,
): Promise<readonly Connectable[]> {
  const all = (await listConnections(runtime, userId)).filter((one) => one.state !== 'disconnected');
  return Object.values<Provider>(providers)
    .filter(grantsAccess)
    .map(({ id, name }) => ({
      provider: id,
      name,
      configured: isConfigured(runtime, id),
      connections: all.filter((one) => one.provider === id).map(described),
    }));
}

/** A connection by its id, in words; undefined when there is none. */
export async function connectionNamed(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
): Promise<Described | undefined> {
  const found = (await listConnections(runtime)).find((one) => one.connection_id === connectionId);
  return found === undefined ? undefined : described(found);
}
