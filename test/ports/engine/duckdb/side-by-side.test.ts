import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sideBySide } from '../../../../ports/engine/duckdb/side-by-side.ts';

const TEN = Array.from({ length: 10 }, (_, n) => n);

/** Does nothing in several turns of the event loop, and counts. */
function openWork(fails: (n: number) => boolean = () => false) {
  const seen = { begun: [] as number[], ended: [] as number[], most: 0 };
  const work = async (n: number): Promise<void> => {
    seen.begun.push(n);
    seen.most = Math.max(seen.most, seen.begun.length - seen.ended.length);
    // The later in a pair the longer.
    for (let turn = 0; turn < 3 + (n % 2) * 5; turn += 1) await setImmediate();
    seen.ended.push(n);
    if (fails(n)) throw new Error(`failed ${n}`);
  };
  return { seen, work };
}

test('all are done, so many at a time', async () => {
  for (const most of [1, 2, 3, 20]) {
    const { seen, work } = openWork();
    await sideBySide(TEN, most, work);
    expect(seen.begun).toEqual(TEN);
    expect(new Set(seen.ended)).toEqual(new Set(TEN));
    expect(seen.most).toBe(Math.min(most, TEN.length));
  }
});

test('after a failure nothing is begun, and what has begun is waited for', async () => {
  const { seen, work } = openWork((n) => n === 2);
  await expect(sideBySide(TEN, 2, work)).rejects.toThrow('failed 2');
  expect(seen.begun).toEqual([0, 1, 2]);
  expect(new Set(seen.ended)).toEqual(new Set([0, 1, 2]));
});

test('of two failures the first is told', async () => {
  const { seen, work } = openWork((n) => n < 2);
  await expect(sideBySide(TEN, 2, work)).rejects.toThrow('failed 0');
  expect(seen.ended).toEqual([0, 1]);
});

test('there may be nothing to do', async () => {
  await sideBySide([], 2, () => Promise.reject(new Error('never')));
});
