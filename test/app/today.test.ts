import { expect, test } from 'vitest';
import { addDays } from '../../app/days.ts';
import { addUser } from '../../app/people.ts';
import { compared } from '../../app/sentences.ts';
import { summarize } from '../../app/summarize.ts';
import { readToday } from '../../app/today.ts';
import { dayRow, openPages } from '../support/pages.ts';

const DAY = '2026-03-04';

/** Twenty-eight days before the day, one below and one above the middle in turn, and the day itself. */
const swinging = (user: string, metric: string, middle: number, value: number) => [
  ...Array.from({ length: 28 }, (_, n) => dayRow(user, addDays(DAY, -1 - n), metric, middle + (n % 2 === 0 ? 1 : -1))),
  dayRow(user, DAY, metric, value),
];

async function openDay() {
  const { runtime, tables } = openPages();
  const user = await addUser(runtime, { name: 'Ana' });
  return { runtime, tables, user, id: user.user_id };
}

test('what changed most is at most three, the furthest from the own normal first, whatever the direction', async () => {
  const { runtime, tables, user, id } = await openDay();
  // Each band is about one wide: distances of 2, 9, 5 and 4 bands, and one inside.
  tables.published = {
    daily: [
      ...swinging(id, 'steps', 100, 102),
      ...swinging(id, 'weight_kg', 100, 91),
      ...swinging(id, 'floors_climbed', 100, 105),
      ...swinging(id, 'stress_0_100', 50, 46),
      ...swinging(id, 'diet_energy_kcal', 100, 100),
    ],
  };
  const { changed } = await readToday(runtime, user);
  expect(changed.map((card) => card.metric.metric)).toEqual(['weight_kg', 'floors_climbed', 'stress_0_100']);
});

test('the morning text says each number once, the unusual ones first', async () => {
  const { runtime, tables, user, id } = await openDay();
  tables.published = { daily: [...swinging(id, 'steps', 8000, 9999), ...swinging(id, 'weight_kg', 70, 70)] };
  const { text } = await summarize(runtime, { user });
  expect(text.match(/9,999/g)).toHaveLength(1);
  expect(text.indexOf('9,999')).toBeLessThan(text.indexOf('70.0 kg'));
});

test('a metric with no place among the main ones is still there, and only when the day has it', async () => {
  const { runtime, tables, user, id } = await openDay();
  tables.published = {
    daily: [dayRow(id, DAY, 'waist_cm', 80), dayRow(id, '2026-03-01', 'height_m', 1.7), dayRow(id, DAY, 'steps', 1)],
  };
  const { others, groups } = await readToday(runtime, user);
  expect(others.map((card) => card.metric.metric)).toEqual(['waist_cm']);
  expect(groups.map(({ group }) => group)).toEqual(['Activity']);
});

test('the latest day is found however long ago it was', async () => {
  const { runtime, tables, user, id } = await openDay();
  tables.published = { daily: [dayRow(id, '2019-05-06', 'steps', 1)] };
  const { day, latest, now } = await readToday(runtime, user);
  expect([day, latest, now]).toEqual(['2019-05-06', '2019-05-06', '2026-03-05']);
});

test('on a day that is still running a low amount is not called low, a high one is called high', async () => {
  const { runtime, tables, user, id } = await openDay();
  const today = '2026-03-05';
  const days = Array.from({ length: 28 }, (_, n) => addDays(today, -1 - n));
  const rows = (metric: string, value: number) => [
    ...days.map((day, n) => dayRow(id, day, metric, 100 + (n % 2))),
    dayRow(id, today, metric, value),
  ];
  tables.published = {
    daily: [...rows('steps', 40), ...rows('floors_climbed', 400), ...rows('resting_heart_rate_bpm', 50)],
  };
  const { changed, groups } = await readToday(runtime, user);
  expect(changed.map((card) => card.metric.metric)).toEqual(['floors_climbed', 'resting_heart_rate_bpm']);
  const steps = groups.flatMap(({ cards }) => cards).find((card) => card.metric.metric === 'steps');
  // Fourteen days of 100 and fourteen of 101: 100.5, read as 101.
  expect(steps === undefined ? '' : compared(steps, 'metric')).toBe('usually 101 by the end of the day');
});
