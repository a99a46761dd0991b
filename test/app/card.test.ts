import { expect, test } from 'vitest';
import { cardOf, lastSeen } from '../../app/card.ts';
import { addDays } from '../../app/days.ts';
import { NOW, dayRow } from '../support/pages.ts';

const DAY = '2026-03-04';

/** `count` days before the day with these values in turn. */
const before = (values: readonly number[]) =>
  values.map((value, n) => dayRow('u_a', addDays(DAY, -1 - n), 'steps', value));

test('a missing day is a gap in the series and never zero', () => {
  const card = cardOf([dayRow('u_a', DAY, 'steps', 0), dayRow('u_a', '2026-03-02', 'steps', 5)], 'steps', DAY, NOW);
  expect(card.series).toHaveLength(29);
  expect(card.series.slice(-3)).toEqual([
    { day: '2026-03-02', value: 5 },
    { day: '2026-03-03', value: null },
    { day: '2026-03-04', value: 0 },
  ]);
  expect(card.value).toBe(0);
});

test('the day itself is no part of its own normal', () => {
  // Fourteen days: seven of 8 and seven of 12, mean 10; the day's 1,000 would move it.
  const rows = [dayRow('u_a', DAY, 'steps', 1000), ...before([8, 12, 8, 12, 8, 12, 8, 12, 8, 12, 8, 12, 8, 12])];
  const card = cardOf(rows, 'steps', DAY, NOW);
  expect(card.normal?.mean).toBe(10);
  expect(card.standing?.place).toBe('above');
});

test('the twenty-ninth day before is too long ago to count', () => {
  const thirteen = before(Array.from({ length: 13 }, () => 10));
  const longAgo = dayRow('u_a', addDays(DAY, -29), 'steps', 10);
  expect(cardOf([...thirteen, longAgo], 'steps', DAY, NOW).normal).toBeUndefined();
  const justIn = dayRow('u_a', addDays(DAY, -28), 'steps', 10);
  expect(cardOf([...thirteen, justIn], 'steps', DAY, NOW).normal?.n).toBe(14);
});

test('a day is "so far" exactly until its final moment', () => {
  const rows = [dayRow('u_a', DAY, 'steps', 1, { final_at: '2026-03-05T08:00:00Z' })];
  expect(cardOf(rows, 'steps', DAY, Date.UTC(2026, 2, 5, 7, 59)).soFar).toBe(true);
  expect(cardOf(rows, 'steps', DAY, Date.UTC(2026, 2, 5, 8)).soFar).toBe(false);
});

test('a day without a value names the last one that had one', () => {
  const card = cardOf([dayRow('u_a', '2026-03-01', 'steps', 7)], 'steps', DAY, NOW);
  expect(card).toMatchObject({ value: null, source: null, soFar: false, standing: undefined });
  expect(lastSeen(card)).toBe('2026-03-01');
});
