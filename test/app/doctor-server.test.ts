import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Check, examine, examineTogether } from '../../app/doctor/check.ts';
import { noteRound, round } from '../../app/doctor/round.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { openDesk } from '../support/desk.ts';

test.each([
  [60 * 60_000, 'ok', '60 minutes ago'],
  [60 * 60_000 + 1, 'warn', '60 minutes ago'],
])('a round of the sweep that ended %i ms ago is %s', async (agoMs, state, words) => {
  const { runtime, clock } = openDesk();
  expect(await examine([round], runtime)).toMatchObject([{ id: 'sweep', state: 'warn' }]);
  await noteRound(runtime);
  clock.advance(agoMs);
  expect(await examine([round], runtime)).toMatchObject([{ state, detail: expect.stringContaining(words) }]);
});

test('a check that takes too long is a warning that says so, and the others are told in their order', async () => {
  const clock = createFixedClock(0);
  const check = (id: string, run: Check<{ readonly clock: Clock }>['run']) => ({ id, required: true, run });
  const all = examineTogether(
    [
      check('slow', () => new Promise(() => undefined)),
      check('quick', async () => [{ ok: true, detail: 'Well.' }]),
    ],
    { clock },
    20_000,
  );
  // What is quick has answered by then.
  await turn();
  clock.advance(20_000);
  expect(await all).toMatchObject([
    { id: 'slow', state: 'warn', required: false, detail: expect.stringContaining('20 s') },
    { id: 'quick', state: 'ok', required: true },
  ]);
});
