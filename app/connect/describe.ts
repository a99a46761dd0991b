import type { Provider } from '../../providers/kit/provider.ts';
import { listConnections } from '../connections.ts';
import { providerNamed } from '../provider.ts';
import type { Runtime } from '../runtime.ts';
import type { Connection } from '../tie.ts';

/** A connection in words. */
export interface Described {
  readonly connection: Connection;
  readonly name: string;
  /** What the granted scopes open, and what is closed for want of one. */
  readonly granted: readonly string[];
  readonly missing: readonly string[];
}

/** What a connection's scopes mean. A scope nobody has words for stands as it is. */
export function described(connection: Connection): Described {
  const provider: Provider = providerNamed(connection.provider);
  const words = provider.oauth?.scopes ?? {};
  // The provider names what it granted: `constructor` is no word of ours.
  const wordsFor = (scope: string): string => (Object.hasOwn(words, scope) ? words[scope] : undefined) ?? scope;
  const asked = connection.kind === 'oauth' ? Object.keys(words) : [];
  return {
    connection,
    name: provider.name,
    granted: connection.scopes.map(wordsFor),
    missing: asked.filter((scope) => !connection.scopes.includes(scope)).map(wordsFor),
  };
}

/** A connection by its id, in words; undefined when there is none. */
export async function connectionNamed(
  runtime: Pick<Runtime, 'state'>,
  connectionId: string,
): Promise<Described | undefined> {
  const found = (await listConnections(runtime)).find((one) => one.connection_id === connectionId);
  return found === undefined ? undefined : described(found);
}
