import { accountOf } from '../../providers/kit/account.ts';
import { exclusively } from '../exclusive.ts';
import type { UserProfile } from '../people.ts';
import { everyRecord } from '../tie.ts';
import { theirObjects, type Whose } from './objects.ts';
import type { Folders, Premises } from './premises.ts';
import { theirRecords } from './records.ts';
import type { ForgetRuntime } from './runtime.ts';
import { type About, type Tombstone, readTombstone, writeTombstone } from './tombstone.ts';

/** Who is meant and what is theirs, as it stands now; undefined for somebody unknown. */
export async function survey(
  runtime: ForgetRuntime,
  premises: Premises,
  userId: string,
): Promise<Pick<Tombstone, 'accounts' | 'about' | 'removed'> | undefined> {
  const profile = (await runtime.state.get<UserProfile>('user', userId))?.value;
  if (profile === undefined) return undefined;
  const records = await everyRecord(runtime.state);
  const isOthers = (account: string): boolean =>
    records.some((one) => one.account === account && one.user_id !== userId);
  const connections = records
    .filter((one) => one.user_id === userId)
    .map(({ connection_id, provider, account, external_id }) => {
      return { connection_id, provider, account, external_id, shared: isOthers(account) };
    });
  const about: About = { name: profile.name, email: profile.email, connections };
  const own = accountOf('wellspring', `user:${userId}`);
  const accounts = [own, ...connections.filter(({ shared }) => !shared).map(({ account }) => account)];
  const whose: Whose = { user_id: userId, accounts, about };
  const { raw, uploads, refused } = await theirObjects(runtime, whose);
  const folders = await foldersOf(runtime, whose);
  return {
    accounts,
    about,
    removed: {
      raw: raw.length,
      uploads: uploads.length,
      refused: refused.length,
      ...(await premises.count(folders)),
      letters: (await runtime.mailbox?.list(userId))?.length ?? 0,
      state: (await theirRecords(runtime.state, { opaque: opaqueOf(whose), tokens: tokensOf(whose) })).length,
      ...(await runtime.engine.countErasure({ users: [userId], accounts, keys: raw })),
    },
  };
}

/** Writes the tombstone: from here on nothing new is kept of them, whoever dies. Answers the one there is, undefined for somebody unknown. */
export async function begin(
  runtime: ForgetRuntime,
  premises: Premises,
  userId: string,
  receipt: string | null,
): Promise<Tombstone | undefined> {
  const found = await survey(runtime, premises, userId);
  return exclusively(runtime, async () => {
    const there = await readTombstone(runtime.state, userId);
    if (there !== undefined || found === undefined) return there;
    const tombstone: Tombstone = {
      user_id: userId,
      phase: 'telling',
      started_at: runtime.clock.now(),
      finished_at: null,
      ...found,
      providers: [],
      found: null,
      receipt,
    };
    await writeTombstone(runtime.state, tombstone);
    // No page and no command finds them any more.
    await runtime.state.delete('user', userId);
    return tombstone;
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
export async function foldersOf(runtime: ForgetRuntime, { user_id, about }: Whose): Promise<Folders> {
  const people = await runtime.state.list<UserProfile>('user');
  const isOthers = people.some(({ value }) => value.user_id !== user_id && value.name === about?.name);
  const name = about === null || isOthers ? [] : [about.name];
  return { userId: user_id, names: [user_id, ...name] };
}
