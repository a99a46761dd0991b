import { base32 } from '../providers/kit/base32.ts';
import type { State } from '../ports/state/state.ts';
import type { CollectRuntime } from './collect/runtime.ts';
import { endGrant } from './connect/end.ts';
import { WellspringError } from './errors.ts';
import { exclusively } from './exclusive.ts';
import { dropGrant } from './grant.ts';
import type { User } from './people.ts';
import { providerNamed } from './provider.ts';
import type { Runtime } from './runtime.ts';
import {
  type ConnectRuntime,
  type Connection,
  type ConnectionRecord,
  type Wanted,
  everyRecord,
  publicPart,
  save,
  tie,
} from './tie.ts';
import { webhookUrl } from './urls.ts';

export type { Connection } from './tie.ts';

export interface LinkRequest {
  readonly provider: string;
  readonly user: Pick<User, 'user_id'>;
  /** The provider's own account id; not needed where the door gives a personal token. */
  readonly externalId?: string | undefined;
  /** Another personal token beside the one there is. */
  readonly fresh?: boolean | undefined;
}

export interface Linked {
  readonly connection: Connection;
  /** Null for a provider that pushes nothing. */
  readonly webhook_url: string | null;
  /** The bearer token, for doors of one person. */
  readonly token?: string;
}

/**
 * Ties an account to a person; the same again answers the same connection and token.
 * Throws `unknown_provider`, `missing_external_id`, `bad_external_id`, `revoked_token`, `subject_conflict`.
 */
export async function link(
  runtime: ConnectRuntime & Pick<Runtime, 'keyring' | 'publicUrl'>,
  request: LinkRequest,
): Promise<Linked> {
  const provider = providerNamed(request.provider);
  const personal = provider.webhook?.auth === 'token';
  const connection = await exclusively(runtime, async () => {
    const records = await everyRecord(runtime.state);
    const external_id = personal ? await tokenId(runtime, records, request) : givenId(request);
    const kind = personal ? 'token' : 'link';
    return tie(runtime, records, { provider: provider.id, external_id, user_id: request.user.user_id, kind });
  });
  const webhook_url = webhookUrl(runtime, provider);
  if (!personal) return { connection, webhook_url };
  return { connection, webhook_url, token: runtime.keyring.issue(provider.id, 'token', connection.external_id) };
}

/** Ties the account a file names to a person, keeping a tie that is there; throws `subject_conflict`. */
export async function connectFile(runtime: ConnectRuntime, wanted: Omit<Wanted, 'kind'>): Promise<Connection> {
  return exclusively(runtime, async () => tie(runtime, await everyRecord(runtime.state), { ...wanted, kind: 'file' }));
}

/**
 * Ends a person's connections with a provider, or the one to `externalId`: what was granted is revoked as far as the provider lets
 * us, what comes from now on is nobody's, the data stay. Answers them all, those that had ended before too; throws `not_connected`
 * when there never was one.
 */
export async function disconnect(
  runtime: CollectRuntime,
  request: Omit<LinkRequest, 'fresh'>,
): Promise<readonly Connection[]> {
  const provider = providerNamed(request.provider);
  const isMeant = (one: Connection): boolean =>
    one.provider === provider.id &&
    one.user_id === request.user.user_id &&
    (request.externalId === undefined || one.external_id === request.externalId);
  // The provider may be slow, and a lease is not: it is asked first. A crash before the end leaves a connection to end again.
  for (const record of await everyRecord(runtime.state)) {
    if (isMeant(record) && record.state !== 'disconnected') await endGrant(runtime, publicPart(record));
  }
  return exclusively(runtime, async () => {
    const records = (await everyRecord(runtime.state)).filter(isMeant);
    if (records.length === 0) {
      throw usage('not_connected', `${provider.name} is not connected.`, 'wellspring status shows what is connected.');
    }
    const ended: Connection[] = [];
    for (const record of records) {
      const done = record.state === 'disconnected';
      ended.push(done ? publicPart(record) : await end(runtime, publicPart(record)));
    }
    return ended;
  });
}

/** Everybody's connections or one person's, ended ones too, by provider and then in the order of their last change. */
export async function listConnections(
  runtime: Pick<Runtime, 'state'>,
  userId?: string,
): Promise<readonly Connection[]> {
  const records = await everyRecord(runtime.state);
  return records
    .filter((one) => userId === undefined || one.user_id === userId)
    .toSorted((a, b) => a.provider.localeCompare(b.provider) || a.sequence - b.sequence)
    .map(publicPart);
}

/** Key ids of personal tokens that are refused from now on: what the keyring's `isRevoked` asks. */
export async function revokedKeys(state: Pick<State, 'list'>): Promise<ReadonlySet<string>> {
  return new Set((await state.list('revoked')).map((record) => record.id));
}

/** The id a personal token stands for: the one asked for, the newest there is, or a new one. */
async function tokenId(
  runtime: ConnectRuntime,
  records: readonly ConnectionRecord[],
  { provider, user, externalId, fresh }: LinkRequest,
): Promise<string> {
  const revoked = await revokedKeys(runtime.state);
  if (externalId !== undefined) {
    if (revoked.has(externalId)) {
      throw usage('revoked_token', 'That token was given up and stays refused.', 'Link again without an external id.');
    }
    // It is a part of the token, before the dot; and giving up a short one could revoke a path key, such as `k1`.
    if (/^[A-Za-z0-9_-]{8,128}$/.test(externalId)) return externalId;
    throw usage('bad_external_id', 'That cannot be part of a token.', 'Use at least 8 letters, digits, "_" or "-".');
  }
  const mine = records.filter((one) => one.provider === provider && one.user_id === user.user_id);
  const [newest] = mine
    .filter((one) => one.kind === 'token' && one.state === 'active' && !revoked.has(one.external_id))
    .toSorted((a, b) => b.sequence - a.sequence);
  if (newest !== undefined && fresh !== true) return newest.external_id;
  return base32(Buffer.from(runtime.ids.secret(15), 'base64url'));
}

function givenId(request: LinkRequest): string {
  const externalId = request.externalId?.trim() ?? '';
  if (externalId !== '') return externalId;
  const remedy = "Give the provider's own account id with --external-id.";
  throw usage('missing_external_id', `${request.provider} does not tell us which account is meant.`, remedy);
}

async function end(runtime: CollectRuntime, connection: Connection): Promise<Connection> {
  // Kept apart from the connection, because an import may tie the account again and must not revive its token.
  if (connection.kind === 'token') await runtime.state.put('revoked', connection.external_id, {});
  const ended = await save(runtime, { ...connection, state: 'disconnected', cause: null });
  await dropGrant(runtime.vault, connection.connection_id);
  return ended;
}

function usage(code: string, message: string, remedy: string): WellspringError {
  return new WellspringError({ code, message, remedy, status: 400, exit: 2 });
}
