import { expect, onTestFinished, test } from 'vitest';
import { listConnections } from '../../../app/connections.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import { ensureSubscriptions } from '../../../app/collect/subscriptions.ts';
import { repair } from '../../../app/sweep.ts';
import type { Call } from '../../support/providers.ts';
import { verify } from '../kill/after.ts';
import { ERRANDS, type Errand } from './errands.ts';
import { OUTAGE_MS, type Part, PARTS } from './outage.ts';
import { MINE, NOW_S, openWorld, type World } from './world.ts';

type Moment = number | 'a token is given' | 'an address has answered';

/** After so many answers the part goes away: at once, and in the middle; or when the only copy of a token, or of data, is in memory. */
const MOMENTS: Readonly<Record<Part, readonly Moment[]>> = {
  'token API': [0, 1],
  'data API': [0, 2],
  objects: ['a token is given', 'an address has answered', 0, 2],
  state: ['a token is given', 'an address has answered', 0, 5, 14],
};
const SWEEP_MS = 15 * 60_000;

/** Runs an errand with a part away from a moment in it on; undefined when the errand does not ask the part so often. */
async function suffer(errand: Errand, part: Part, moment: Moment): Promise<readonly string[] | undefined> {
  const world = await openWorld(errand);
  onTestFinished(() => world.end());
  const { runtime, clock, outage, providers, userId } = world;
  if (errand.connected) await welcome(world);
  if (typeof moment === 'number') outage.begin(part, moment);
  else {
    const isMet = ({ kind, path }: Call): boolean =>
      moment === 'a token is given' ? kind !== 'data' : path.includes('&token=');
    providers.watch.after = async (call) => {
      if (isMet(call) && !outage.hasBegun()) outage.begin(part, 0);
    };
  }
  // Whoever asked hears of it, or not: what counts is what is left.
  await errand.do(world).catch(() => undefined);
  if (!outage.hasBegun()) return undefined;
  const problems: string[] = [];
  // A sweep in the middle finds what it can; the next one after the end has to find the rest.
  clock.advance(Math.max(0, outage.endsAtMs() - OUTAGE_MS / 2 - clock.now()));
  await repair(runtime);
  clock.advance(Math.max(0, outage.endsAtMs() - clock.now()));
  const told = await listConnections(runtime);
  for (const account of MINE.filter(
    ({ provider }) => !told.some((one) => one.provider === provider && one.state === 'active'),
  )) {
    // Nobody was told that it is connected: the person tries again.
    if (errand.connected || !(await world.connect(account))) problems.push(`${account.provider} is not connected`);
  }
  await providers.rest();
  clock.advance(SWEEP_MS);
  const after = await repair(runtime);
  problems.push(...after.problems.map(({ doing, error }) => `${doing}: ${String(error)}`));
  const left = await pendingOf(runtime);
  problems.push(...left.map(({ type, detail }) => `${type} is still to be fetched: ${detail}`));
  if (after.notices?.left !== 0) problems.push(`${String(after.notices?.left)} notices are left`);
  if (errand.connected && after.backfills !== 0) problems.push(`${String(after.backfills)} backfills are left`);
  const ended = (await listConnections(runtime)).filter(({ state }) => state !== 'active');
  problems.push(...ended.map(({ provider, state, cause }) => `${provider} is ${state} (${String(cause)})`));
  problems.push(
    ...(await verify(runtime, {
      ledger: providers.ledger,
      people: [userId],
      nowS: NOW_S,
      knownUntilS: errand.knownUntilS,
      accounts: MINE,
    })),
  );
  if (providers.ledger.reuses() > 0) problems.push('a spent refresh token was presented');
  return problems;
}

/** Connected, subscribed, and everything fetched the providers hold so far. */
async function welcome({ connect, runtime, clock }: World): Promise<void> {
  for (const account of MINE) expect(await connect(account)).toBe(true);
  await ensureSubscriptions(runtime);
  await repair(runtime);
  clock.advance(60_000);
}

/** A token that is fresh is not renewed, and a renewal asks neither for data nor for objects. */
const isAsked = (errand: string, part: Part): boolean =>
  part === 'token API'
    ? ['connect', 'refresh'].includes(errand)
    : errand !== 'refresh' || !['data API', 'objects'].includes(part);

const cases = Object.keys(ERRANDS).flatMap((errand) =>
  PARTS.filter((part) => isAsked(errand, part)).map((part) => ({ errand, part })),
);

test.each(cases)(
  'ten minutes without the $part during $errand: nothing is lost, and one sweep mends it',
  async ({ errand, part }) => {
    const chosen = ERRANDS[errand];
    if (chosen === undefined) throw new RangeError(errand);
    let suffered = 0;
    for (const moment of MOMENTS[part]) {
      const problems = await suffer(chosen, part, moment);
      if (problems === undefined) continue;
      suffered += 1;
      expect(problems, `moment ${moment}`).toEqual([]);
    }
    expect(suffered).toBeGreaterThan(0);
  },
);
