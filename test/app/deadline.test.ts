import { expect, test } from 'vitest';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { within } from '../../app/deadline.ts';

test('work that is done in time is answered with its value', async () => {
  expect(await within(createFixedClock(0), 1200, Promise.resolve('done'))).toEqual({ ok: true, value: 'done' });
});

test('work that fails in time fails', async () => {
  await expect(within(createFixedClock(0), 1200, Promise.reject(new Error('disk')))).rejects.toThrow('disk');
});

test('work is given up when the time is over and not before', async () => {
  const clock = createFixedClock(0);
  let answer: unknown;
  const waiting = within(clock, 1200, new Promise(() => {})).then((timed) => (answer = timed));
  clock.advance(1199);
  await new Promise(setImmediate);
  expect(answer).toBeUndefined();
  clock.advance(1);
  await waiting;
  expect(answer).toEqual({ ok: false });
});

test('work that fails after it was given up is heard by nobody', async () => {
  const clock = createFixedClock(0);
  const late = async (): Promise<never> => {
    await clock.sleep(2000);
    throw new Error('late');
  };
  const waiting = within(clock, 1200, late());
  clock.advance(1200);
  expect(await waiting).toEqual({ ok: false });
  clock.advance(800);
  await new Promise(setImmediate);
});

test('when the work is done no sleeper is left behind', async () => {
  const clock = createFixedClock(0);
  const asleep: (AbortSignal | undefined)[] = [];
  const watched = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) => (asleep.push(signal), clock.sleep(ms, signal)),
  };
  await within(watched, 1200, Promise.resolve('done'));
  expect(asleep.map((signal) => signal?.aborted)).toEqual([true]);
});
