import { accountOf } from '../../providers/kit/account.ts';
import type { Folders, Premises } from '../../ports/premises/premises.ts';
import { undecided } from '../connect/choice.ts';
import { endFlows } from '../connect/flow.ts';
import { exclusively, stayExclusive } from '../exclusive.ts';
import type { UserProfile } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { everyRecord } from '../tie.ts';
import { theirObjects, type Whose } from './objects.ts';
import { theirRecords } from './records.ts';
import type { ForgetRuntime } from './runtime.ts';
import { type About, type Tombstone, readTombstone, writeTombstone } from './tombstone.ts';

type BeginRuntime = Pick<Runtime, 'state' | 'clock' | 'onWait' | 'denied'>;

/** Who is meant and which accounts are theirs, as it stands now; undefined for somebody unknown. */
export async function whoIs(state: Runtime['state'], userId: string): Promise<(Whose & { about: About }) | undefined> {
  const profile = (await state.get<UserProfile>('user', userId))?.value;
  if (profile === undefined) return undefined;
  const connections = await tiesOf(state, userId);
  const about: About = { name: profile.name, email: profile.email, connections };
  const own = accountOf('wellspring', `user:${userId}`);
  const accounts = [own, ...connections.filter(({ shared }) => !shared).map(({ account }) => account)];
  return { user_id: userId, accounts, about };
}

/** How much there is of somebody, by place. */
export async function countAll(
  runtime: ForgetRuntime,
  premises: Premises,
  whose: Whose,
): Promise<Tombstone['removed']> {
  const { raw, uploads, refused } = await theirObjects(runtime, whose);
  const folders = await foldersOf(runtime, whose);
  const { user_id: userId, accounts } = whose;
  return {
    raw: raw.length,
    uploads: uploads.length,
    refused: refused.length,
    ...(await premises.count(folders)),
    letters: (await runtime.mailbox?.list(userId))?.length ?? 0,
    state: (await theirRecords(runtime.state, { opaque: opaqueOf(whose), tokens: tokensOf(whose) })).length,
    ...(await runtime.engine.countErasure({ users: [userId], accounts, keys: raw })),
  };
}

/**
 * Writes the tombstone: from here on nothing new is kept of them, whoever dies. Looks at the state alone, so that an answer can wait for it.
 * Answers the one there is, undefined for somebody unknown.
 */
export async function begin(
  runtime: BeginRuntime,
  userId: string,
  receipt: string | null,
): Promise<Tombstone | undefined> {
  const begun = await exclusively(runtime, () => write(runtime, userId, receipt));
  await runtime.denied?.();
  return begun;
}

async function write(
  { state, clock }: BeginRuntime,
  userId: string,
  receipt: string | null,
): Promise<Tombstone | undefined> {
  const there = await readTombstone(state, userId);
  const found = there === undefined ? await whoIs(state, userId) : undefined;
  if (found === undefined) return there;
  const open = { finished_at: null, providers: [], removed: {}, found: null };
  const tombstone: Tombstone = { ...open, phase: 'counting', started_at: clock.now(), ...found, receipt };
  await stayExclusive({ state });
  await writeTombstone(state, tombstone);
  await hide(state, userId);
  return tombstone;
}

/** No page and no command finds them any more, and no way back from a provider leads anywhere. */
export async function hide(state: Runtime['state'], userId: string): Promise<void> {
  await state.delete('user', userId);
  await endFlows(state, userId);
}

/** Their connections, those that ended too, and the grants that wait for their word. */
async function tiesOf(state: Runtime['state'], userId: string): Promise<About['connections']> {
  const records = await everyRecord(state);
  const asked = (await undecided({ state })).filter(
    (one) => !records.some(({ connection_id }) => connection_id === one.connection_id),
  );
  const isOthers = (account: string): boolean =>
    records.some((one) => one.account === account && one.user_id !== userId);
  return [...records, ...asked]
    .filter((one) => one.user_id === userId)
    .map(({ connection_id, provider, account, external_id }) => {
      return { connection_id, provider, account, external_id, shared: isOthers(account) };
    });
}

/** Ids we made for them; an account somebody else has, too, stays theirs. */
export function opaqueOf({ user_id, accounts, about }: Whose): readonly string[] {
  return [user_id, ...accounts, ...(about?.connections ?? []).map(({ connection_id }) => connection_id)];
}

/** External ids of accounts that were theirs alone: those of personal tokens name records. */
export function tokensOf({ about }: Whose): readonly string[] {
  return (about?.connections ?? []).filter(({ shared }) => !shared).map(({ external_id }) => external_id);
}

/** A name somebody else has, too, does not say whose folder it is. */
export async function foldersOf(
  runtime: Pick<Runtime, 'state'>,
  { user_id, about }: Pick<Whose, 'user_id' | 'about'>,
): Promise<Folders> {
  const people = await runtime.state.list<UserProfile>('user');
  const isOthers = people.some(({ value }) => value.user_id !== user_id && value.name === about?.name);
  const name = about === null || isOthers ? [] : [about.name];
  return { userId: user_id, names: [user_id, ...name] };
}
