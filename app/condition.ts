import type { ConnectionChanged } from '../ports/bus/bus.ts';
import { exclusively } from './exclusive.ts';
import { type ConnectRuntime, type Connection, type ConnectionRecord, publicPart, save } from './tie.ts';

/** How a connection stands: all but ending it, which is `disconnect`'s. `scopes` only when they are known anew. */
export interface Condition {
  readonly state: Exclude<Connection['state'], 'disconnected'>;
  readonly cause: string | null;
  readonly scopes?: readonly string[];
}

/**
 * Writes how a connection stands, as a fact, and publishes `Connection Changed`; only when something changes,
 * and never for one that is disconnected or unknown.
 */
export async function setCondition(runtime: ConnectRuntime, connectionId: string, to: Condition): Promise<void> {
  const change = await exclusively(runtime, async () => {
    const record = await runtime.state.get<ConnectionRecord>('connection', connectionId);
    if (record === undefined || record.value.state === 'disconnected') return undefined;
    const before: Connection = {
      ...publicPart(record.value),
      scopes: record.value.scopes ?? [],
      cause: record.value.cause ?? null,
    };
    const after: Connection = { ...before, ...to };
    if (isSame(before, after)) return undefined;
    await save(runtime, after);
    return changeOf(before, after);
  });
  if (change !== undefined) await runtime.bus.publish([{ detailType: 'Connection Changed', detail: change }]);
}

function isSame(a: Connection, b: Connection): boolean {
  return a.state === b.state && a.cause === b.cause && sameWords(a.scopes, b.scopes);
}

/** Scopes are a set: a provider may name them in any order. */
function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
}

function changeOf(before: Connection, after: Connection): ConnectionChanged {
  const { connection_id, provider, account, user_id, state } = after;
  const stayed = before.state === 'active' ? 'scopes_changed' : 'connected';
  const change = state === 'active' || state === 'disconnected' ? stayed : state;
  return { schema: 1, connection_id, provider, account, user_id, change };
}
