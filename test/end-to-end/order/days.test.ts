import { expect, test } from 'vitest';
import { runDays } from './days.ts';

test('what came in any order and in many batches, each making anew the days it touches, is what all of it makes at once', async () => {
  const report = await runDays('days', { people: 1, days: 12, most: 25 });
  expect(report.problems).toEqual([]);
  // All but the first, which has the facts.
  expect(report.byDays).toBe(report.batches - 1);
  expect(report.byDays).toBeGreaterThan(2);
});
