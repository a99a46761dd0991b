import { expect, test } from 'vitest';
import { createFixedClock } from '../../../ports/clock/fixed.ts';

test('the time stands still until it is moved', () => {
  const clock = createFixedClock(1000);
  expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
  clock.advance(5);
  expect(clock.now()).toBe(1005);
  clock.set(2000);
  expect(clock.now()).toBe(2000);
});

test('it never goes back', () => {
  const clock = createFixedClock(1000);
  expect(() => clock.set(999)).toThrow(expect.objectContaining({ code: 'clock_backwards' }));
  expect(clock.now()).toBe(1000);
});

test('sleepers wake in the order of their time, equal ones in the order they came', async () => {
  const clock = createFixedClock(0);
  const woken: string[] = [];
  const sleepers = [
    clock.sleep(30).then(() => woken.push('30')),
    clock.sleep(10).then(() => woken.push('10 first')),
    clock.sleep(10).then(() => woken.push('10 second')),
    clock.sleep(20).then(() => woken.push('20')),
  ];
  clock.advance(9);
  await Promise.resolve();
  expect(woken).toEqual([]);
  clock.advance(21);
  await Promise.all(sleepers);
  expect(woken).toEqual(['10 first', '10 second', '20', '30']);
});

test('an aborted sleep rejects like that of the system clock and is not woken later', async () => {
  const clock = createFixedClock(0);
  const controller = new AbortController();
  const sleep = clock.sleep(10, controller.signal);
  controller.abort();
  await expect(sleep).rejects.toMatchObject({ name: 'AbortError' });
  await expect(clock.sleep(10, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  clock.advance(10);
});

test('sleeping for no time does not wait', async () => {
  await expect(createFixedClock(0).sleep(0)).resolves.toBeUndefined();
});
