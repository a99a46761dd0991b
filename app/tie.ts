import { accountOf } from '../providers/kit/account.ts';
import type { State } from '../ports/state/state.ts';
import { WellspringError } from './errors.ts';
import { stayExclusive } from './exclusive.ts';
import { recordFact } from './facts.ts';
import type { Runtime } from './runtime.ts';

/** The tie of a person to an account: `link` by its id, `token` by a personal token, `file` by an import, `oauth` by a grant. */
export interface Connection {
  readonly connection_id: string;
  readonly provider: string;
  readonly account: string;
  readonly external_id: string;
  readonly user_id: string;
  readonly kind: 'link' | 'token' | 'file' | 'oauth';
  /** `disconnected` ends the tie; the others keep what comes with the person, whether or not more can be fetched. */
  readonly state: 'active' | 'needs_reconnect' | 'revoked' | 'deregistered' | 'disconnected';
  /** As granted; empty for doors that grant nothing by scope. */
  readonly scopes: readonly string[];
  /** Why it is not `active`, a stable word such as `invalid_grant`, `refresh_answer_lost`, `scope_missing`; null while all is well. */
  readonly cause: string | null;
}

/** As kept: `sequence` is that of its last fact, the higher the later. */
export interface ConnectionRecord extends Connection {
  readonly sequence: number;
}

/** What changing a connection needs. */
export type ConnectRuntime = Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state' | 'denied'>;
export type Wanted = Pick<Connection, 'provider' | 'external_id' | 'user_id' | 'kind'> &
  Partial<Pick<Connection, 'scopes'>>;

/** Everybody's connections as kept, in the order of their last change. */
export async function everyRecord(state: Pick<State, 'list'>): Promise<readonly ConnectionRecord[]> {
  const records = await state.list<ConnectionRecord>('connection');
  // Kept before grants were: those have neither.
  return records
    .map(({ value }) => ({ ...value, scopes: value.scopes ?? [], cause: value.cause ?? null }))
    .toSorted((a, b) => a.sequence - b.sequence);
}

/** Ties an account to a person, or answers the tie there is; throws `subject_conflict`. Only inside `exclusively`. */
export async function tie(
  runtime: ConnectRuntime,
  records: readonly ConnectionRecord[],
  wanted: Wanted,
): Promise<Connection> {
  const account = accountOf(wanted.provider, wanted.external_id);
  const there = records.filter((one) => one.account === account);
  if (there.some((one) => one.state !== 'disconnected' && one.user_id !== wanted.user_id))
    throw conflict(wanted.provider);
  const mine = there.find((one) => one.user_id === wanted.user_id);
  // A file for an account that is linked already takes nothing away from the link, and an id nothing from what was granted.
  const stays = mine?.state !== 'disconnected' && (wanted.kind === 'file' || mine?.kind === 'oauth');
  const asWanted = stays || (mine?.state === 'active' && mine.kind === wanted.kind);
  if (mine !== undefined && asWanted) return publicPart(mine);
  const connection_id = mine?.connection_id ?? runtime.ids.id('c', 12);
  return save(runtime, { connection_id, scopes: [], ...wanted, account, state: 'active', cause: null });
}

/** Writes a connection's new state: the fact first. Only inside `exclusively`; throws `lease_lost`, and nothing is in the state then. */
export async function save(runtime: ConnectRuntime, connection: Connection): Promise<Connection> {
  await stayExclusive(runtime);
  const { sequence } = await recordFact(runtime, { type: 'wellspring.connection', data: connection });
  try {
    // Storage may have been slow.
    await stayExclusive(runtime);
  } catch (error) {
    await takeBack(runtime, connection);
    throw error;
  }
  const record: ConnectionRecord = { ...connection, sequence };
  await runtime.state.put('connection', connection.connection_id, record);
  // A key that was given up is refused from here on, an account that was forgotten and is connected anew no more.
  await runtime.denied?.();
  return connection;
}

/** Ends by a fact a connection that has one and no record. Of one that has a record, whoever changed it since wrote the newer fact. */
async function takeBack(runtime: ConnectRuntime, connection: Connection): Promise<void> {
  if ((await runtime.state.get('connection', connection.connection_id)) !== undefined) return;
  const ended = { ...connection, state: 'disconnected', cause: null } as const;
  await recordFact(runtime, { type: 'wellspring.connection', data: ended });
}

/** A connection without what only keeping it needs. */
export function publicPart(record: ConnectionRecord): Connection {
  const { sequence: _, ...connection } = record;
  return connection;
}

function conflict(provider: string): WellspringError {
  return new WellspringError({
    code: 'subject_conflict',
    message: `That ${provider} account is connected to somebody else.`,
    detail: 'An account belongs to one person at a time, and its history stays with the person it was.',
    remedy: 'Disconnect it there first, or name the right person.',
    status: 409,
  });
}
