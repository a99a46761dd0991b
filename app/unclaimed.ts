import { UNKNOWN_ACCOUNT } from '../providers/kit/account.ts';
import { exclusively, stayExclusive } from './exclusive.ts';
import { accountIn, utcDate } from './keys.ts';
import { withBatchLease } from './lease.ts';
import type { Runtime } from './runtime.ts';
import { everyRecord } from './tie.ts';

type UnclaimedRuntime = Pick<
  Runtime,
  'objects' | 'engine' | 'state' | 'clock' | 'ids' | 'onWait' | 'counters' | 'unclaimedDays'
>;

const DAY_MS = 86_400_000;
export const UNCLAIMED_DAYS = 7;
/** The date of UTC on which somebody looked last: nothing becomes due within one. */
const LOOKED = ['unclaimed', 'looked'] as const;
/** Deleted while nobody can connect the account: a lease of people and connections lasts half a minute. */
const AT_ONCE = 50;

/**
 * Deletes, in all versions, raw objects that wait in vain for somebody to connect their account, notices too, `unclaimedDays` whole days after they came; once a
 * day. No retraction follows, because no measure of theirs was ever in a table. What a batch has not looked at yet, what it has read, and what belongs to
 * anybody connected now stays. Answers how many objects went.
 */
export async function dropUnclaimed(runtime: UnclaimedRuntime): Promise<number> {
  const { state, clock, unclaimedDays = UNCLAIMED_DAYS } = runtime;
  const today = utcDate(clock.now());
  if ((await state.get<{ readonly date: string }>(...LOOKED))?.value.date === today) return 0;
  const due = await dueBefore(runtime, `raw/${utcDate(clock.now() - unclaimedDays * DAY_MS)}`);
  let dropped = 0;
  if (due.length > 0)
    dropped = await withBatchLease(runtime, (lease) => drop(runtime, due, (change) => state.whileHeld(lease, change)));
  await state.put(...LOOKED, { date: today });
  return dropped;
}

/** Keys of earlier dates that finished batches left unread, by account. */
async function dueBefore(
  { objects, engine }: UnclaimedRuntime,
  before: string,
): Promise<readonly (readonly string[])[]> {
  const known = await engine.known();
  const due = new Map<string, string[]>();
  for await (const { key } of objects.list('raw/')) {
    if (key >= before) break;
    const account = accountIn(key);
    // What names no account waits for nobody: it is in quarantine, with its reason.
    if (known.get(key) !== 'unread' || account === UNKNOWN_ACCOUNT) continue;
    due.set(account, [...(due.get(account) ?? []), key]);
  }
  return [...due.values()];
}

type Commit = (change: () => void) => Promise<boolean>;

async function drop(runtime: UnclaimedRuntime, due: readonly (readonly string[])[], commit: Commit): Promise<number> {
  const gone: string[] = [];
  try {
    for (const keys of due) {
      for (let at = 0; at < keys.length; at += AT_ONCE)
        await deleteUnlessTied(runtime, keys.slice(at, at + AT_ONCE), (key) => gone.push(key));
    }
  } finally {
    // Nobody lists them a second time: the tables learn of them now, whatever stopped the rest.
    if (gone.length > 0) await erase(runtime, gone, commit);
  }
  return gone.length;
}

async function erase(runtime: UnclaimedRuntime, keys: readonly string[], commit: Commit): Promise<void> {
  const { ids, clock } = runtime;
  const batch = { batchId: ids.id('b', 12), now: clock.now(), commit };
  await runtime.engine.erase({ users: [], accounts: [], keys }, batch);
  for (const key of keys) runtime.counters?.count(key.split('/')[2] ?? 'none', 'unclaimed_deleted');
}

/** Deletes these objects of one account, unless somebody has connected it since, and tells each; throws `lease_lost` when somebody may have. */
async function deleteUnlessTied(
  runtime: UnclaimedRuntime,
  keys: readonly string[],
  onGone: (key: string) => void,
): Promise<void> {
  await exclusively(runtime, async () => {
    const account = accountIn(keys[0] ?? '');
    const isTied = (await everyRecord(runtime.state)).some(
      (one) => one.account === account && one.state !== 'disconnected',
    );
    if (isTied) return;
    for (const key of keys) {
      await stayExclusive(runtime);
      await runtime.objects.delete(key);
      onGone(key);
    }
  });
}
