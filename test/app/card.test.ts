import { expect, test } from 'vitest';
import { cardOf, lastSeen } from '../../app/card.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { NOW, baselineRow, dayRow } from '../support/pages.ts';

const DAY = '2026-03-04';

/** Days without a normal. */
const only = (daily: readonly Row[]) => ({ daily, baselines: [] });

test('a missing day is a gap in the series and never zero', () => {
  const card = cardOf(
    only([dayRow('u_a', DAY, 'steps', 0), dayRow('u_a', '2026-03-02', 'steps', 5)]),
    'steps',
    DAY,
    NOW,
  );
  expect(card.series).toHaveLength(29);
  expect(card.series.slice(-3)).toEqual([
    { day: '2026-03-02', value: 5 },
    { day: '2026-03-03', value: null },
    { day: '2026-03-04', value: 0 },
  ]);
  expect(card.value).toBe(0);
});

test("the normal is the one of the card's own metric and day", () => {
  const daily = [dayRow('u_a', DAY, 'steps', 12)];
  const baselines = [
    baselineRow('u_a', DAY, 'weight_kg', [70, 1], { direction: 'usual', z: 0 }),
    baselineRow('u_a', DAY, 'steps', [10, 1], { direction: 'above', z: 2, n: 20 }),
    baselineRow('u_a', '2026-03-03', 'steps', [11, 1], { direction: 'below', z: -2 }),
  ];
  const card = cardOf({ daily, baselines }, 'steps', DAY, NOW);
  expect(card).toMatchObject({ known: 20, normal: { mean: 10, sd: 1, n: 20 }, standing: { place: 'above', z: 2 } });
});

test('a day is "so far" exactly until its final moment', () => {
  const rows = only([dayRow('u_a', DAY, 'steps', 1, { final_at: '2026-03-05T08:00:00Z' })]);
  expect(cardOf(rows, 'steps', DAY, Date.UTC(2026, 2, 5, 7, 59)).soFar).toBe(true);
  expect(cardOf(rows, 'steps', DAY, Date.UTC(2026, 2, 5, 8)).soFar).toBe(false);
});

test('a day without a value names the last one that had one', () => {
  const card = cardOf(only([dayRow('u_a', '2026-03-01', 'steps', 7)]), 'steps', DAY, NOW);
  expect(card).toMatchObject({ value: null, source: null, soFar: false, standing: undefined });
  expect(lastSeen(card)).toBe('2026-03-01');
});
