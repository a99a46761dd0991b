import { assert, asyncProperty, integer } from 'fast-check';
import { expect, test } from 'vitest';
import type { Access, Custody } from '../../../app/refresh/custody.ts';
import { CALL_MS, START_MS } from '../../../app/refresh/patience.ts';
import { type Faults, openWorld } from './world.ts';

const GRACE_S = 8 * 3600;
const seeds = integer({ min: 0, max: 2 ** 31 });
/** A failure prints its seed: `assert(…, { seed, path })` runs it again. */
const times = (numRuns: number) => ({ numRuns });

type World = Awaited<ReturnType<typeof openWorld>>;

function processes(world: World, count: number): Map<string, Custody> {
  return new Map(Array.from({ length: count }, (_, n) => [`p${n}`, world.open(`p${n}`)]));
}

test.each([
  { workers: 2, runs: 450 },
  { workers: 5, runs: 450 },
  { workers: 50, runs: 100 },
])(
  'T1: $workers processes that ask at once make one call between them, and all get the new token',
  async ({ workers, runs }) => {
    await assert(
      asyncProperty(seeds, async (seed) => {
        const world = await openWorld(seed, {});
        const answers = await world.ask(processes(world, workers));
        expect(world.ledger.wrongs).toEqual([]);
        expect(world.ledger.calls).toBe(1);
        // Generation 1 was there; one renewal makes the second.
        for (const answer of answers) expect(answer).toMatchObject({ ok: true, generation: 2 });
      }),
      times(runs),
    );
  },
);

/** How it stands when everything works again and those who live have asked as often as they are told to. */
async function settled(world: World, living: Map<string, Custody>): Promise<Access> {
  const { schedule } = world;
  const endMs = schedule.nowMs() + 24 * 3_600_000;
  for (let round = 0; round < 40; round += 1) {
    const answers = await world.ask(living);
    const over = answers.filter((answer) => answer !== undefined && (answer.ok || answer.reason !== 'later'));
    const [first] = over;
    if (first !== undefined && over.length === living.size && new Set(over.map((one) => one?.ok)).size === 1)
      return first;
    const retries = answers.flatMap((answer) =>
      answer?.ok === false && answer.reason === 'later' ? [answer.retryAtMs] : [],
    );
    // Nobody is told to come back in the past, nor some time next week.
    for (const retryAtMs of retries) expect(retryAtMs).toBeLessThan(endMs);
    const waitMs = Math.max(0, ...retries) - schedule.nowMs();
    await schedule.run([{ process: 'time', done: schedule.clockOf('time').sleep(Math.max(1, waitMs)) }]);
  }
  throw new Error('It stands nowhere.');
}

const ACCIDENTS: Readonly<Record<string, Faults>> = {
  'processes that die': { deaths: 0.03 },
  'a vault that fails before and after it has written': { vault: 0.3 },
  'a state that fails before and after it has written': { state: 0.1 },
  'answers that are lost': { lost: 0.5 },
  'a provider that says not now': { later: 0.6 },
  'machines that stop for up to a minute and a half': { jumps: 0.1 },
  'all of it together': { deaths: 0.015, vault: 0.15, state: 0.05, lost: 0.25, later: 0.25, jumps: 0.03 },
};

const cases = Object.entries(ACCIDENTS).flatMap(([name, faults]) =>
  [undefined, GRACE_S].flatMap((graceS) => [
    { name, faults, graceS, grace: graceS === undefined ? 'no grace' : 'a grace' },
  ]),
);

test.each(cases)(
  'T2 T3 T4 T5 T7: with $name and $grace nobody reuses a token and nobody hangs',
  async ({ faults, graceS }) => {
    const ends = { fresh: 0, needs_reconnect: 0 };
    await assert(
      asyncProperty(seeds, integer({ min: 2, max: 6 }), async (seed, workers) => {
        const world = await openWorld(seed, { ...faults, ...(graceS !== undefined && { graceS }) });
        const living = processes(world, workers);
        for (let round = 0; round < 3; round += 1) await world.ask(living);
        world.calm();
        for (const dead of world.died) living.delete(dead);
        living.set('fresh', world.open('fresh'));
        const end = await settled(world, living);
        expect(world.ledger.wrongs).toEqual([]);
        if (end.ok) {
          ends.fresh += 1;
          expect(world.ledger.accepts(end.token.reveal())).toBe(true);
          return;
        }
        ends.needs_reconnect += 1;
        expect(end.reason).toBe('needs_reconnect');
        // Only where an answer may have been lost for good, and never within a grace that is still running: machines may stop for all of it.
        const graceEndMs = graceS === undefined ? 0 : world.ledger.presentedSinceMs() + graceS * 1000;
        expect(world.schedule.nowMs() + START_MS + CALL_MS).toBeGreaterThanOrEqual(graceEndMs);
        expect(Boolean(faults.deaths) || Boolean(faults.lost) || Boolean(faults.jumps) || Boolean(faults.state)).toBe(
          true,
        );
      }),
      // Of the first, with a grace, machines stop for more than eight hours in all.
      { ...times(100), examples: [[238_972_607, 6]] },
    );
    // A run in which nothing can go wrong, or nothing can go right, would prove nothing.
    expect(ends.fresh).toBeGreaterThan(0);
  },
);
