import type { Premises } from '../../ports/premises/premises.ts';
import { dropGrant } from '../grant.ts';
import { holding } from '../collect/hold.ts';
import { withBatchLease } from '../lease.ts';
import { publishAll } from '../publish.ts';
import { foldersOf, opaqueOf, tokensOf } from './begin.ts';
import { deleteObjects, theirObjects, type Theirs, type Whose } from './objects.ts';
import { deleteRecords, theirRecords } from './records.ts';
import type { ForgetRuntime } from './runtime.ts';

/**
 * Longer than a door waits for storage after it has looked who is forgotten, and than processes of one machine take to look again. Doors that look no
 * more than once a minute may keep something until then: the round after takes it away.
 */
const SETTLE_MS = 3_000;
/** Longer than a fetch keeps its hold without a word. */
const HOLD_MS = 4 * 60_000;

/**
 * Removes everything of a person from where it is kept, as it was asked for at `askedAt` (Unix ms); safe to repeat from any moment. Answers the
 * hashes to look for afterwards.
 */
export async function purge(
  runtime: ForgetRuntime,
  premises: Premises,
  whose: Whose,
  askedAt: number,
): Promise<Pick<Theirs, 'hashes'>> {
  await runtime.clock.sleep(SETTLE_MS);
  for (const { connection_id } of whose.about?.connections ?? []) await unhook(runtime, connection_id);
  // Whose an object of a passed-on account is say the tables: they must know all of them.
  if (whose.about?.connections.some(({ shared }) => shared) === true) await publishAll(runtime);
  return removeAll(runtime, premises, whose, askedAt);
}

/** Ends the fetching of a connection: whoever fetches now is waited for, whoever comes later finds none. */
async function unhook(runtime: ForgetRuntime, connectionId: string): Promise<void> {
  const end = async (): Promise<void> => {
    await runtime.state.delete('connection', connectionId);
    await dropGrant(runtime.vault, connectionId);
  };
  await holding(runtime, connectionId, { waitMs: HOLD_MS }, end);
  await end();
}

/** Objects, records, letters and rows, while no batch runs: one that began before would publish what it had read. */
export async function removeAll(
  runtime: ForgetRuntime,
  premises: Premises,
  whose: Whose,
  askedAt: number,
): Promise<Pick<Theirs, 'hashes'>> {
  return withBatchLease(runtime, async (lease) => {
    const theirs = await theirObjects(runtime, whose);
    await deleteObjects(runtime, theirs);
    await lease.renew();
    // Before the tables, which are all that still says whose the objects of a passed-on account were.
    const shared = theirs.raw.filter((key) => !whose.accounts.some((account) => key.includes(account)));
    const opaque = [...opaqueOf(whose), ...shared, ...theirs.uploads];
    await deleteRecords(runtime.state, await theirRecords(runtime.state, { opaque, tokens: tokensOf(whose) }));
    const erasure = { users: [whose.user_id], accounts: whose.accounts, keys: theirs.raw };
    await runtime.mailbox?.remove(whose.user_id);
    await runtime.engine.erase(erasure, {
      batchId: runtime.ids.id('b', 12),
      now: runtime.clock.now(),
      commit: (change) => runtime.state.whileHeld(lease, change),
      askedAt,
      signal: runtime.signal,
    });
    // A batch makes folders in the lake that are empty for a moment: none runs now.
    await premises.clear(await foldersOf(runtime, whose), opaqueOf(whose));
    return theirs;
  });
}
