import { base32 } from '../providers/kit/base32.ts';
import type { State } from '../ports/state/state.ts';
import { dropBackfills } from './collect/backfill-record.ts';
import type { CollectRuntime } from './collect/runtime.ts';
import { endGrant, type GivenBack } from './connect/end.ts';
import { WellspringError } from './errors.ts';
import { exclusively, stayExclusive } from './exclusive.ts';
import { refuseForgotten } from './facts.ts';
import { dropGrant, grantGeneration } from './grant.ts';
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
 * Throws `unknown_provider`, `missing_external_id`, `bad_external_id`, `revoked_token`, `subject_conflict`, `forgotten`.
 */
export async function link(
  runtime: ConnectRuntime & Pick<Runtime, 'keyring' | 'publicUrl'>,
  request: LinkRequest,
): Promise<Linked> {
  const provider = providerNamed(request.provider);
  const personal = provider.webhook?.auth === 'token';
  const connection = await exclusively(runtime, async () => {
    // A tie that is there is answered without a fact, and nobody who is being forgotten gets a token any more.
    await refuseForgotten(runtime, request.user.user_id);
    const records = await everyRecord(runtime.state);
    const external_id = personal ? await tokenId(runtime, records, request) : givenId(request);
    const kind = personal ? 'token' : 'link';
    return tie(runtime, records, { provider: provider.id, external_id, user_id: request.user.user_id, kind });
  });
  const webhook_url = webhookUrl(runtime, provider);
  if (!personal) return { connection, webhook_url };
  return { connection, webhook_url, token: runtime.keyring.issue(provider.id, 'token', connection.external_id) };
}

/** Ties the account a file names to a person, keeping a tie that is there; throws `subject_conflict`, `forgotten`. */
export async function connectFile(runtime: ConnectRuntime, wanted: Omit<Wanted, 'kind'>): Promise<Connection> {
  return exclusively(runtime, async () => {
    await refuseForgotten(runtime, wanted.user_id);
    return tie(runtime, await everyRecord(runtime.state), { ...wanted, kind: 'file' });
  });
}

/** A connection that is over, and what its provider knows of that; null where it had ended before. */
export interface Parted extends Connection {
  readonly given_back: GivenBack['outcome'] | null;
}

/** Whether the person has to end it in the account there, because the provider could not be told. */
export function isUntold({ given_back: outcome }: Pick<Parted, 'given_back'>): boolean {
  return outcome !== null && !['told', 'nothing', 'left'].includes(outcome);
}

/** A grant that somebody keeps renewing is ended without being given back after that many rounds. */
const ROUNDS = 5;

/**
 * Ends a person's connections with a provider, or the one to `externalId`: what was granted is revoked as far as the provider lets
 * us, what comes from now on is nobody's, the data stay. Answers them all, those that had ended before too; throws `not_connected`
 * when there never was one.
 */
export async function disconnect(
  runtime: CollectRuntime,
  request: Omit<LinkRequest, 'fresh'>,
): Promise<readonly Parted[]> {
  const provider = providerNamed(request.provider);
  const isMeant = (one: Connection): boolean =>
    one.provider === provider.id &&
    one.user_id === request.user.user_id &&
    (request.externalId === undefined || one.external_id === request.externalId);
  // The provider may be slow, and a lease is not: it is asked first. A crash before the end leaves a connection to end again.
  const told = new Map<string, GivenBack>();
  for (let round = 1; ; round += 1) {
    for (const record of (await everyRecord(runtime.state)).filter(isMeant)) {
      if (record.state !== 'disconnected') told.set(record.connection_id, await endGrant(runtime, record));
    }
    const parted = await exclusively(runtime, () => part(runtime, isMeant, told, round === ROUNDS));
    if (parted === undefined) continue;
    if (parted.length > 0) return parted;
    throw usage('not_connected', `${provider.name} is not connected.`, 'wellspring status shows what is connected.');
  }
}

/** Undefined when a grant has changed since it was given back: the newer one has to be, too. Only inside `exclusively`. */
async function part(
  runtime: CollectRuntime,
  isMeant: (one: Connection) => boolean,
  told: ReadonlyMap<string, GivenBack>,
  isLast: boolean,
): Promise<readonly Parted[] | undefined> {
  const parted: Parted[] = [];
  let isWhole = true;
  for (const record of (await everyRecord(runtime.state)).filter(isMeant)) {
    const connection = publicPart(record);
    const given = told.get(record.connection_id);
    const generation = await grantGeneration(runtime.vault, record.connection_id);
    if (record.state === 'disconnected') parted.push({ ...connection, given_back: given?.outcome ?? null });
    else if (given?.generation === generation || isLast) {
      const outcome = given?.generation === generation ? given.outcome : 'untold';
      parted.push({ ...(await end(runtime, connection, generation)), given_back: outcome });
    } else isWhole = false;
  }
  return isWhole ? parted : undefined;
}

/** Everybody's connections or one person's, ended ones too, by provider and then in the order of their last change. */
export async function listConnections(
  runtime: Pick<Runtime, 'state'>,
  userId?: string,
): Promise<readonly Connection[]> {
  const records = await everyRecord(runtime.state);
  return records
    .filter((one) => userId === undefined || one.user_id === userId)
    .toSorted((a, b) => a.provider.localeCompare(b.provider))
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

async function end(runtime: CollectRuntime, connection: Connection, generation: number): Promise<Connection> {
  await stayExclusive(runtime);
  // Kept apart from the connection, because an import may tie the account again and must not revive its token.
  if (connection.kind === 'token') await runtime.state.put('revoked', connection.external_id, {});
  const ended = await save(runtime, { ...connection, state: 'disconnected', cause: null });
  await dropBackfills(runtime, connection.connection_id);
  // Whoever renews it in this moment sees that it has ended, and gives back what they got.
  await dropGrant(runtime.vault, connection.connection_id, { expect: generation });
  return ended;
}

function usage(code: string, message: string, remedy: string): WellspringError {
  return new WellspringError({ code, message, remedy, status: 400, exit: 2 });
}
