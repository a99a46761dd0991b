import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forget, resumeForgetting } from '../../../app/forget.ts';
import type { ForgetRuntime } from '../../../app/forget/runtime.ts';
import { readTombstone, writeTombstone } from '../../../app/forget/tombstone.ts';
import { doForget } from '../../../app/work.ts';
import { createPremises } from '../../../local/premises.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { PortError } from '../../../ports/errors.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { fixture } from '../../support/fixture.ts';
import { untilNoon } from '../crash/clock.ts';
import { copyOf } from '../crash/household.ts';
import { at, furnish, type Home, push, watchDoor } from './home.ts';

// Where tables are erased by a job elsewhere, an erasure can take longer than the call that asks for it.

const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
const NOWHERE = 'http://127.0.0.1:9';
const HOUR_MS = 3_600_000;
let home: Home;
beforeAll(async () => {
  home = await at(full, shift, NOWHERE, furnish);
});
afterAll(() => removeDirectory(root));

/** A household whose tables are still being erased when the first `late` calls end. */
async function withSlowTables(late: number, work: (runtime: Slow, told: (number | undefined)[]) => Promise<void>) {
  const directory = copyOf(full, join(temporaryDirectory(), 'data'));
  await at(directory, shift, NOWHERE, async (runtime) => {
    const askedAt: (number | undefined)[] = [];
    const clock = { ...runtime.clock, now: () => runtime.clock.now() + slow.ahead };
    const engine: LocalRuntime['engine'] = {
      ...runtime.engine,
      erase: async (erasure, terms) => {
        askedAt.push(terms.askedAt);
        if (askedAt.length <= slow.late) throw new PortError(slow.code, 'Not yet.');
        await runtime.engine.erase(erasure, terms);
      },
    };
    const slow: Slow = {
      ...runtime,
      clock,
      engine,
      premises: createPremises(directory),
      ahead: 0,
      late,
      code: 'erasure_unfinished',
    };
    await work(slow, askedAt);
  });
}

interface Slow extends LocalRuntime {
  readonly premises: ReturnType<typeof createPremises>;
  /** How much later it is, in ms. */
  ahead: number;
  late: number;
  code: string;
}

const tombstoneOf = (runtime: ForgetRuntime) => readTombstone(runtime.state, home.ann.user_id);
const asked = (): { kind: 'forget'; user_id: string } => ({ kind: 'forget', user_id: home.ann.user_id });

test.each(['erasure_unfinished', 'tables_behind'])(
  '%s is no failure: the next round goes on with the same erasure, and comes to the end',
  async (code) => {
    await withSlowTables(2, async (runtime, askedAt) => {
      runtime.code = code;
      await doForget(runtime, asked());
      expect(await tombstoneOf(runtime)).toMatchObject({ phase: 'purging', finished_at: null });
      await resumeForgetting(runtime, runtime.premises);
      expect(await tombstoneOf(runtime)).toMatchObject({ phase: 'purging', finished_at: null });
      await resumeForgetting(runtime, runtime.premises);
      const done = await tombstoneOf(runtime);
      expect(done).toMatchObject({ phase: 'done', found: {} });
      expect(askedAt).toEqual([done?.started_at, done?.started_at, done?.started_at]);
    });
  },
);

test('is one when it has gone on for hours: then somebody has to look', async () => {
  await withSlowTables(9, async (runtime) => {
    await doForget(runtime, asked());
    runtime.ahead = 5 * HOUR_MS;
    await resumeForgetting(runtime, runtime.premises);
    runtime.ahead = 7 * HOUR_MS;
    await expect(resumeForgetting(runtime, runtime.premises)).rejects.toMatchObject({ code: 'erasure_unfinished' });
  });
});

test('of what slipped in afterwards, it is gone on with though all its objects are gone', async () => {
  await withSlowTables(0, async (runtime, askedAt) => {
    await forget(runtime, runtime.premises, home.ann.user_id);
    const late = { ...runtime, isForgotten: () => false };
    expect(await push(late, watchDoor(runtime), fixture('garmin/spec-push-dailies-two-users.json'))).toBe(200);
    runtime.ahead = HOUR_MS;
    runtime.late = 2;
    await resumeForgetting(runtime, runtime.premises);
    // Nothing else is looked at more than a day after the end: its provider has answered.
    runtime.ahead = 26 * HOUR_MS;
    const open = await tombstoneOf(runtime);
    if (open !== undefined) await writeTombstone(runtime.state, { ...open, providers: [] });
    await resumeForgetting(runtime, runtime.premises);
    expect(askedAt).toHaveLength(3);
    const [first = 0, ...again] = askedAt;
    // Nothing that was begun for the first erasure counts for the second, which is one.
    expect(again[0]).toBeGreaterThanOrEqual(first + HOUR_MS);
    expect(again[1]).toBe(again[0]);
    await resumeForgetting(runtime, runtime.premises);
    expect(askedAt).toHaveLength(3);
    expect(await tombstoneOf(runtime)).toMatchObject({ phase: 'done', erasing_at: null, found: {} });
  });
});

test('without time left, nobody else is begun with', async () => {
  await withSlowTables(0, async (runtime, askedAt) => {
    await doForget({ ...runtime, signal: AbortSignal.timeout(60_000) }, asked());
    expect(askedAt).toHaveLength(1);
    expect(await resumeForgetting({ ...runtime, signal: AbortSignal.abort() }, runtime.premises)).toBe(0);
  });
});
