import { accountOf } from '../../providers/kit/account.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import { WellspringError } from '../errors.ts';
import { exclusively } from '../exclusive.ts';
import { readTombstone } from '../forget/tombstone.ts';
import { readGrant, saveGrant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import { type ConnectRuntime, type Connection, type ConnectionRecord, everyRecord, save } from '../tie.ts';
import { type Choice, offerChoice } from './choice.ts';
import type { Flow } from './flow.ts';
import { type OAuthProvider, grantsAccess } from './setup.ts';
import { providerNamed } from '../provider.ts';

export type KeepRuntime = ConnectRuntime & Pick<Runtime, 'vault'>;

/** A grant whose account and scopes are known. */
export interface Granted {
  readonly provider: OAuthProvider;
  readonly userId: string;
  readonly externalId: string;
  readonly scopes: readonly string[];
  readonly tokens: Tokens;
}

export type Kept =
  | { readonly kind: 'connected'; readonly connection: Connection }
  /** The person is connected as somebody else there, and says what to do. */
  | { readonly kind: 'choice' }
  /** The account is another person's; nothing was kept. */
  | { readonly kind: 'conflict' };

/** Keeps a grant: the tokens first, then the fact, so that a crash leaves no connection or a whole one. */
export async function keep(
  runtime: KeepRuntime,
  granted: Granted,
  { browser, ticket }: Pick<Flow, 'browser' | 'ticket'>,
): Promise<Kept> {
  const { provider, externalId, userId, scopes } = granted;
  const account = accountOf(provider.id, externalId);
  return exclusively(runtime, async () => {
    // Forgotten while they were at the provider's page: the grant is given back like one that is somebody else's.
    if ((await readTombstone(runtime.state, userId)) !== undefined) return { kind: 'conflict' };
    const records = await everyRecord(runtime.state);
    const live = records.filter((one) => one.state !== 'disconnected');
    if (live.some((one) => one.account === account && one.user_id !== userId)) return { kind: 'conflict' };
    const mine = records.find((one) => one.account === account && one.user_id === userId);
    const connection_id = mine?.connection_id ?? runtime.ids.id('c', 12);
    const wanted = { provider: provider.id, external_id: externalId, user_id: userId, kind: 'oauth' } as const;
    const connection: Connection = { ...wanted, connection_id, account, scopes, state: 'active', cause: null };
    await replaceGrant(runtime, connection_id, granted.tokens);
    const other = live.find((one) => isGranted(one) && one.user_id === userId && one.provider === provider.id);
    if (other !== undefined && other.account !== account && (mine === undefined || mine.state === 'disconnected')) {
      const choice: Choice = { id: runtime.ids.id('q', 16), connection, before: other.external_id, ticket };
      await offerChoice(runtime, browser, choice);
      return { kind: 'choice' };
    }
    return { kind: 'connected', connection: await announce(runtime, connection, mine) };
  });
}

/** Writes a connection whose grant is kept already, unless the account has become another person's. Only inside `exclusively`. */
export async function announce(
  runtime: KeepRuntime,
  connection: Connection,
  before: ConnectionRecord | undefined,
): Promise<Connection> {
  const same = before?.state === 'active' && before.kind === connection.kind;
  const saved = await save(runtime, connection);
  const { connection_id, provider, account, user_id } = connection;
  const scopesMoved = same && [...before.scopes].toSorted().join(' ') !== [...connection.scopes].toSorted().join(' ');
  const change = scopesMoved ? 'scopes_changed' : 'connected';
  const detail = { schema: 1, connection_id, provider, account, user_id, change } as const;
  await runtime.bus.publish([{ detailType: 'Connection Changed', detail }]);
  return saved;
}

/** A connection somebody chose to make: by granting, or by its id where pushes are the grant. */
function isGranted(one: Connection): boolean {
  return (one.kind === 'oauth' || one.kind === 'link') && grantsAccess(providerNamed(one.provider));
}

/** A refresh under way loses: what the person granted just now is newer. */
async function replaceGrant(runtime: KeepRuntime, connectionId: string, tokens: Tokens): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    const expect = (await readGrant(runtime.vault, connectionId))?.generation ?? 0;
    const saved = await saveGrant(runtime.vault, connectionId, tokens, { expect, nowMs: runtime.clock.now() });
    if (saved.ok) return;
  }
  throw new WellspringError({
    code: 'grant_busy',
    message: 'The new grant could not be kept, because something else kept changing it.',
    remedy: 'Connect again.',
    status: 503,
  });
}
