import { accountOf } from '../../providers/kit/account.ts';
import { undecided } from '../connect/choice.ts';
import { endFlows } from '../connect/flow.ts';
import { tidyGrants } from '../connect/tidy.ts';
import { exclusively } from '../exclusive.ts';
import type { UserProfile } from '../people.ts';
import { everyRecord } from '../tie.ts';
import { theirObjects, type Whose } from './objects.ts';
import type { Folders, Premises } from './premises.ts';
import { theirRecords } from './records.ts';
import type { ForgetRuntime } from './runtime.ts';
import { type About, type Tombstone, readTombstone, writeTombstone } from './tombstone.ts';

type Surveyed = Pick<Tombstone, 'accounts' | 'about' | 'removed'>;

/** Who is meant and what is theirs, as it stands now; undefined for somebody unknown. */
export async function survey(
  runtime: ForgetRuntime,
  premises: Premises,
  userId: string,
): Promise<Surveyed | undefined> {
  const profile = (await runtime.state.get<UserProfile>('user', userId))?.value;
  if (profile === undefined) return undefined;
  const connections = await tiesOf(runtime, userId);
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
  // What a crash left without a connection names nobody, so it could not be found afterwards.
  await tidyGrants(runtime);
  for (;;) {
    const found = await survey(runtime, premises, userId);
    const begun = await exclusively(runtime, () => write(runtime, userId, receipt, found));
    if (begun !== 'changed') return begun;
  }
}

async function write(
  runtime: ForgetRuntime,
  userId: string,
  receipt: string | null,
  found: Surveyed | undefined,
): Promise<Tombstone | 'changed' | undefined> {
  const { state, clock } = runtime;
  const there = await readTombstone(state, userId);
  if (there !== undefined || found === undefined) return there;
  // Something was connected, or asked about, while everything was counted: it would be missing.
  if (JSON.stringify(await tiesOf(runtime, userId)) !== JSON.stringify(found.about?.connections)) return 'changed';
  const tombstone: Tombstone = {
    user_id: userId,
    phase: 'telling',
    started_at: clock.now(),
    finished_at: null,
    ...found,
    providers: [],
    found: null,
    receipt,
  };
  await writeTombstone(state, tombstone);
  // No page and no command finds them any more, and no way back from a provider leads anywhere.
  await state.delete('user', userId);
  await endFlows(state, userId);
  return tombstone;
}

/** Their connections, those that ended too, and the grants that wait for their word. */
async function tiesOf({ state }: ForgetRuntime, userId: string): Promise<About['connections']> {
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
export async function foldersOf(runtime: ForgetRuntime, { user_id, about }: Whose): Promise<Folders> {
  const people = await runtime.state.list<UserProfile>('user');
  const isOthers = people.some(({ value }) => value.user_id !== user_id && value.name === about?.name);
  const name = about === null || isOthers ? [] : [about.name];
  return { userId: user_id, names: [user_id, ...name] };
}
