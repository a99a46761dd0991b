import type { Versioned } from '../../ports/state/state.ts';
import { accountOf } from '../../providers/kit/account.ts';
import type { Tokens } from '../../providers/kit/oauth/oauth.ts';
import { WellspringError } from '../errors.ts';
import { exclusively, stayExclusive } from '../exclusive.ts';
import { readTombstone } from '../forget/tombstone.ts';
import { dropGrant, grantGeneration, saveGrant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import { type ConnectRuntime, type Connection, type ConnectionRecord, everyRecord, save } from '../tie.ts';
import { type Choice, choiceOf, dropChoice, offerChoice } from './choice.ts';
import type { Flow } from './flow.ts';
import { rememberBrowser } from './made.ts';
import { type OAuthProvider, grantsAccess } from './setup.ts';
import { noteOutcome } from './ticket.ts';
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
    const other = live.find((one) => isGranted(one) && one.user_id === userId && one.provider === provider.id);
    const isTied = mine !== undefined && mine.state !== 'disconnected';
    const before = isTied || other?.account === account ? undefined : other?.external_id;
    const asked = await choiceOf(runtime, { account, user_id: userId });
    // A grant that waits has an id of its own, so that nothing done to a connection meanwhile touches it.
    const tied = before === undefined ? mine?.connection_id : undefined;
    const connection_id = tied ?? asked?.value.connection.connection_id ?? runtime.ids.id('c', 12);
    const wanted = { provider: provider.id, external_id: externalId, user_id: userId, kind: 'oauth' } as const;
    const connection: Connection = { ...wanted, connection_id, account, scopes, state: 'active', cause: null };
    await replaceGrant(runtime, connection_id, granted.tokens);
    if (asked !== undefined) await supersede(runtime, asked, { connection_id, ticket });
    const now = runtime.clock.now();
    if (before !== undefined) {
      const question: Choice = { id: runtime.ids.id('q', 16), connection, before, ticket, offered_at: now };
      await offerChoice(runtime, browser, question);
      return { kind: 'choice' };
    }
    return { kind: 'connected', connection: await announce(runtime, connection, mine, { browser, grantedAtMs: now }) };
  });
}

/** Writes a connection whose grant is kept already. `browser`: the hash of the cookie of the one it is made in. Only inside `exclusively`. */
export async function announce(
  runtime: KeepRuntime,
  connection: Connection,
  before: ConnectionRecord | undefined,
  { browser, grantedAtMs }: { readonly browser: string; readonly grantedAtMs: number },
): Promise<Connection> {
  const same = before?.state === 'active' && before.kind === connection.kind;
  const { connection_id, provider, account, user_id } = connection;
  await stayExclusive(runtime);
  // Providers tell changes in whole seconds: one of this very second counts as newer.
  await runtime.state.put('permissions', connection_id, { atMs: Math.floor(grantedAtMs / 1000) * 1000 });
  const saved = await save(runtime, connection);
  await rememberBrowser(runtime, connection_id, browser);
  const scopesMoved = same && [...before.scopes].toSorted().join(' ') !== [...connection.scopes].toSorted().join(' ');
  const change = scopesMoved ? 'scopes_changed' : 'connected';
  const detail = { schema: 1, connection_id, provider, account, user_id, change } as const;
  await runtime.bus.publish([{ detailType: 'Connection Changed', detail }]);
  return saved;
}

/** A newer grant of the account has come: what was asked about the older one needs no answer any more. */
async function supersede(
  runtime: KeepRuntime,
  asked: Versioned<Choice>,
  by: { readonly connection_id: string; readonly ticket: string | null },
): Promise<void> {
  const { connection, ticket } = asked.value;
  await dropChoice(runtime, asked);
  if (connection.connection_id !== by.connection_id) await dropGrant(runtime.vault, connection.connection_id);
  if (ticket !== by.ticket) await noteOutcome(runtime, ticket, { ok: false, code: 'asked_again' });
}

/** A connection somebody chose to make: by granting, or by its id where pushes are the grant. */
function isGranted(one: Connection): boolean {
  return (one.kind === 'oauth' || one.kind === 'link') && grantsAccess(providerNamed(one.provider));
}

/** Keeps a grant in the place of the one there is. A refresh under way loses: what the person granted just now is newer. Only inside `exclusively`. */
export async function replaceGrant(runtime: KeepRuntime, connectionId: string, tokens: Tokens): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    // Not opened: connecting again is the way out of a grant nobody can open any more.
    const expect = await grantGeneration(runtime.vault, connectionId);
    await stayExclusive(runtime);
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
