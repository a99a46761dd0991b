import type { Premises } from '../ports/premises/premises.ts';
import { tidyGrants } from './connect/tidy.ts';
import { begin, countAll, hide, opaqueOf } from './forget/begin.ts';
import { theirObjects, type Whose } from './forget/objects.ts';
import { purge, removeAll } from './forget/purge.ts';
import { type Receipt, receiptOf, type Told } from './forget/receipt.ts';
import { theirRecords } from './forget/records.ts';
import type { ForgetRuntime } from './forget/runtime.ts';
import { tell, tellLate } from './forget/tell.ts';
import {
  forgottenAccounts,
  listTombstones,
  readTombstone,
  type Tombstone,
  writeTombstone,
} from './forget/tombstone.ts';
import { look, wordsOf } from './forget/verify.ts';
import { WellspringError } from './errors.ts';
import { exclusively } from './exclusive.ts';
import { utcDate } from './keys.ts';
import { readGrant } from './grant.ts';
import { withLease } from './lease.ts';

const TERMS = { ttlMs: 15 * 60_000, lookAgainMs: 200 };
const DAY_MS = 86_400_000;
/** Longer than any erasure takes whose jobs come through: one that is still under way after it goes wrong again and again. */
const PATIENCE_MS = 6 * 3_600_000;

/**
 * Forgets a person: nothing new of them is kept from the first moment on, providers are told, everything is deleted and looked for. The same
 * again, or after any end, goes on where it was. `receipt` is the hash of a word that opens the receipt. Throws `unknown_user`.
 */
export async function forget(
  runtime: ForgetRuntime,
  premises: Premises,
  userId: string,
  receipt: string | null = null,
): Promise<Receipt> {
  const begun = await begin(runtime, userId, receipt);
  if (begun === undefined) {
    throw new WellspringError({
      code: 'unknown_user',
      message: 'There is nobody with that id to forget.',
      remedy: 'wellspring user list shows everybody.',
      status: 404,
      exit: 2,
    });
  }
  return receiptOf(await finish(runtime, premises, userId));
}

/**
 * Finishes what was interrupted, removes what slipped in while it went on, and tells providers that did not answer; answers how many were
 * looked at. One that fails does not stop the others: what it threw is thrown when they are done.
 */
export async function resumeForgetting(runtime: ForgetRuntime, premises: Premises): Promise<number> {
  const open = (await listTombstones(runtime.state)).filter((one) => isOpen(one, runtime.clock.now()));
  const failures: unknown[] = [];
  let looked = 0;
  for (const { user_id } of open) {
    if (runtime.signal?.aborted === true) break;
    looked += 1;
    await finish(runtime, premises, user_id).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return looked;
}

function isOpen({ phase, finished_at, providers, erasing_at = null }: Tombstone, nowMs: number): boolean {
  const isRecent = finished_at === null || nowMs - finished_at < DAY_MS;
  return phase !== 'done' || isRecent || erasing_at !== null || providers.some(({ outcome }) => outcome === 'later');
}

/** One at a time, in all processes. Where the tables take longer to erase than anybody may wait, it is left as it stands, and is no failure yet. */
async function finish(runtime: ForgetRuntime, premises: Premises, userId: string): Promise<Tombstone> {
  return withLease(runtime, 'forget', TERMS, async () => {
    const there = await readTombstone(runtime.state, userId);
    if (there === undefined) throw new TypeError('forget: a tombstone was there and is gone');
    try {
      return await (there.phase === 'done' ? after(runtime, premises, there) : walk(runtime, premises, there));
    } catch (error) {
      const left = await readTombstone(runtime.state, userId);
      if (left === undefined || !isUnderWay(error) || runtime.clock.now() - askedAtOf(left) > PATIENCE_MS) throw error;
      return left;
    }
  });
}

/** The moment is fixed with the tombstone, so that every round asks for the same erasure. */
const askedAtOf = ({ erasing_at, started_at }: Tombstone): number => erasing_at ?? started_at;

/** What a job or a run of the workflow is busy with, which the next round looks for. */
const UNDER_WAY: readonly unknown[] = ['erasure_unfinished', 'tables_behind'];

function isUnderWay(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNDER_WAY.includes(error.code);
}

async function walk(runtime: ForgetRuntime, premises: Premises, begun: Tombstone): Promise<Tombstone> {
  const { state, clock } = runtime;
  let tombstone = begun;
  // What only this process knows is looked for by it alone: a later one looks for the ids.
  const told: string[] = [];
  const connections = tombstone.about?.connections ?? [];
  await hide(state, tombstone.user_id);
  if (tombstone.phase === 'counting') {
    // What a crash left without a connection names nobody, so it could not be found afterwards.
    await tidyGrants(runtime);
    const removed = await countAll(runtime, premises, tombstone);
    tombstone = await writeTombstone(state, { ...tombstone, phase: 'telling', removed });
  }
  if (tombstone.phase === 'telling') {
    await exclusively(runtime, async () => runtime.addresses?.set(tombstone.user_id, null));
    const providers: Told[] = [...tombstone.providers];
    for (const one of connections) {
      const tokens = (await readGrant(runtime.vault, one.connection_id).catch(() => undefined))?.tokens;
      told.push(...[tokens?.access, tokens?.refresh].flatMap((token) => token?.reveal() ?? []));
      if (providers.some(({ connection_id }) => connection_id === one.connection_id)) continue;
      const said = await tell(runtime, one);
      if (said === undefined) continue;
      providers.push(said);
      tombstone = await writeTombstone(state, { ...tombstone, providers: [...providers] });
    }
    tombstone = await writeTombstone(state, { ...tombstone, phase: 'purging' });
  }
  const whose: Whose = tombstone;
  told.push(...(await wordsOf(runtime, whose)));
  if (tombstone.phase === 'purging') {
    told.push(...(await purge(runtime, premises, whose, askedAtOf(tombstone))).hashes);
    tombstone = await writeTombstone(state, { ...tombstone, phase: 'scrubbing', about: null });
  }
  await state.scrub(opaqueOf(whose));
  const found = await look(runtime, premises, { ...whose, about: null }, told);
  const finished_at = clock.now();
  const later = (premises.later ?? []).map(({ place, what, gone_after_days: days }) => {
    return { place: `${place} (${what})`, gone: utcDate(finished_at + days * DAY_MS) };
  });
  await runtime.denied?.();
  return writeTombstone(state, { ...tombstone, phase: 'done', found, later, finished_at });
}

/** Afterwards: what was on its way while it went on, and providers that did not answer then. */
async function after(runtime: ForgetRuntime, premises: Premises, done: Tombstone): Promise<Tombstone> {
  const denied = await forgottenAccounts(runtime.state);
  const accounts = done.accounts.filter((account) => denied.has(account));
  const whose: Whose = {
    user_id: done.user_id,
    accounts,
    about: null,
    since: utcDate(done.started_at - DAY_MS),
  };
  const late = await theirObjects(runtime, whose);
  const records = await theirRecords(runtime.state, { opaque: opaqueOf(whose), tokens: [] });
  const letters = (await runtime.mailbox?.list(done.user_id)) ?? [];
  const providers = await tellLate(runtime, done);
  // One that was broken off has no objects any more, and rows perhaps.
  const { erasing_at = null } = done;
  const isClean =
    erasing_at === null &&
    late.raw.length + late.uploads.length + records.length + letters.length + (done.found?.['rows'] ?? 0) === 0;
  if (isClean && JSON.stringify(providers) === JSON.stringify(done.providers)) return done;
  // An erasure of its own: what an earlier one took out says nothing of what came after it.
  const askedAt = erasing_at ?? runtime.clock.now();
  const said = await writeTombstone(runtime.state, { ...done, providers, ...(isClean ? {} : { erasing_at: askedAt }) });
  if (!isClean) await removeAll(runtime, premises, whose, askedAt);
  await runtime.state.scrub(opaqueOf(whose));
  // What was looked for by ids is looked for again; names and tokens nobody knows any more, so where those were found stays said.
  const { objects: _, state: __, rows: ___, ...files } = done.found ?? {};
  const found = { ...files, ...(await look(runtime, premises, whose, [])) };
  return writeTombstone(runtime.state, { ...said, found, erasing_at: null });
}
