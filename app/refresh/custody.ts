import type { OAuth, Tokens } from '../../providers/kit/oauth/oauth.ts';
import type { Secret } from '../../providers/kit/secret.ts';
import type { State } from '../../ports/state/state.ts';
import type { Grant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import type { ConnectRuntime, Connection } from '../tie.ts';
import type { Presentation } from './presentation.ts';

/** What keeping tokens needs. */
export type RefreshRuntime = ConnectRuntime & Pick<Runtime, 'vault' | 'oauthClient' | 'egress' | 'settings'>;

/** A runtime with what the providers' files say. */
export interface Custody extends RefreshRuntime {
  readonly oauth: (provider: string) => OAuth | undefined;
  /** Ends tokens that nobody keeps, unless that would end those somebody does keep. */
  readonly revoke: (connection: Connection, tokens: Tokens) => Promise<void>;
}

/** The token to ask a provider with, or why there is none: only the person can change the first two. */
export type Access =
  | { readonly ok: true; readonly token: Secret; readonly generation: number }
  | { readonly ok: false; readonly reason: 'needs_reconnect' | 'not_connected' }
  | { readonly ok: false; readonly reason: 'later'; readonly retryAtMs: number };

export interface Wish {
  /** The generation whose access token the provider has just refused. */
  readonly refused?: number | undefined;
  /** Renews a refresh token that has not been used for long, too. */
  readonly unused?: boolean | undefined;
}

/** Tokens that were issued and are not in the vault yet: the only copy there is. */
export interface Successor {
  readonly connection: Connection;
  readonly tokens: Tokens;
  /** The generation they follow. */
  readonly expect: number;
  /** Version of the presentation record while it is ours. */
  readonly version: number;
  readonly forced: boolean;
}

/** A connection whose token may be presented, as it was found. */
export interface Found {
  readonly connection: Connection;
  readonly oauth: OAuth;
  readonly grant: Grant;
  readonly refresh: Secret;
  readonly record: Presentation;
  /** Of the record; read before the grant was. */
  readonly version: number;
  readonly forced: boolean;
}

/** What one process knows beside the shared state. */
interface Memory {
  readonly running: Map<string, Promise<Access>>;
  readonly successors: Map<string, Successor>;
}

const memories = new WeakMap<State, Memory>();

/** The memory of a process, found by the state it has opened. */
export function memoryOf({ state }: Pick<Custody, 'state'>): Memory {
  const memory = memories.get(state) ?? { running: new Map(), successors: new Map() };
  memories.set(state, memory);
  return memory;
}
