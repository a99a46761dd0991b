import { expect, test } from 'vitest';
import { runDays } from './days.ts';

// Whoever has no more than a fortnight has no baselines, and so neither readiness nor anomalies.
test.each([
  { days: 12, most: 25 },
  { days: 45, most: 150 },
])(
  'what came of $days days in any order and in many batches, each making anew the days it touches, is what all of it makes at once',
  async ({ days, most }) => {
    const report = await runDays('days', { people: 1, days, most });
    expect(report.problems).toEqual([]);
    // All but the first, which has the facts.
    expect(report.byDays).toBe(report.batches - 1);
    expect(report.byDays).toBeGreaterThan(2);
  },
);
