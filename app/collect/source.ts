import { findProvider } from '../../providers/index.ts';
import type { Collect, Stream } from '../../providers/kit/collect.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import type { UserProfile } from '../people.ts';
import { type Connection, everyRecord } from '../tie.ts';
import { readMark } from './mark.ts';
import type { CollectRuntime } from './runtime.ts';

/** A connection of a provider that can be asked, and whose days those are. */
export interface Source {
  readonly provider: Provider & { readonly collect: Collect };
  readonly connection: Connection;
  /** IANA */
  readonly zone: string;
}

/** The connection as something to ask; undefined where the provider offers nothing to fetch and sends no notices. */
export async function sourceOf(
  runtime: Pick<CollectRuntime, 'state' | 'zone'>,
  connection: Connection,
): Promise<Source | undefined> {
  const provider = findProvider(connection.provider);
  if (provider?.collect === undefined) return undefined;
  const person = await runtime.state.get<UserProfile>('user', connection.user_id);
  const zone = person?.value.zone ?? runtime.zone;
  return { provider: { ...provider, collect: provider.collect }, connection, zone };
}

/** Sources of connections that are tied to somebody, whether or not they can be asked now; in order of their ids. */
export async function sources(runtime: Pick<CollectRuntime, 'state' | 'zone'>): Promise<readonly Source[]> {
  const tied = (await everyRecord(runtime.state)).filter(({ state }) => state !== 'disconnected');
  const found = await Promise.all(tied.map((connection) => sourceOf(runtime, connection)));
  return found
    .filter((source) => source !== undefined)
    .toSorted((a, b) => (a.connection.connection_id < b.connection.connection_id ? -1 : 1));
}

/** The connection as it is now: what another process changed counts. Undefined when it is gone or ended. */
export async function refreshed(runtime: CollectRuntime, source: Source): Promise<Source | undefined> {
  const { connection_id: id } = source.connection;
  const connection = (await everyRecord(runtime.state)).find((one) => one.connection_id === id);
  return connection === undefined || connection.state === 'disconnected' ? undefined : { ...source, connection };
}

/** Whether something can be fetched with it: a file or a linked account gives nothing to ask with. */
export function isFetchable({ connection }: Pick<Source, 'connection'>): boolean {
  return connection.kind === 'oauth' && connection.state === 'active';
}

/** Scopes of a connection that were granted and that the provider no longer honours, by its id. */
export const LOST = 'lost_scopes';
export interface Lost {
  readonly scopes: readonly string[];
}

/** Why a stream is not asked for, as a stable word and in words. */
export interface Skipped {
  readonly reason: string;
  readonly detail: string;
}

/** Undefined when the stream may be asked for now. */
export async function whySkipped(
  runtime: Pick<CollectRuntime, 'state'>,
  { provider, connection }: Source,
  stream: Stream,
): Promise<Skipped | undefined> {
  if (connection.state !== 'active') return { reason: connection.state, detail: 'It is not connected now.' };
  if (connection.kind !== 'oauth') return { reason: 'no_grant', detail: 'Nobody granted access to fetch it.' };
  if (stream.scope !== undefined && !connection.scopes.includes(stream.scope)) {
    // One that was lost is tried again when its mark has ended: it may have been a membership that lapsed.
    const lost = (await runtime.state.get<Lost>(LOST, connection.connection_id))?.value.scopes ?? [];
    if (!lost.includes(stream.scope))
      return { reason: 'scope_missing', detail: `${provider.name} was not allowed to give ${stream.title}.` };
  }
  const mark = await readMark(runtime, connection.connection_id, stream.type);
  return mark === undefined ? undefined : { reason: mark.cause, detail: mark.detail };
}
