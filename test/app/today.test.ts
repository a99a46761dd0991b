import { expect, test } from 'vitest';
import { addUser } from '../../app/people.ts';
import { compared } from '../../app/sentences.ts';
import { summarize } from '../../app/summarize.ts';
import { readToday } from '../../app/today.ts';
import { baselineRow, dayRow, openPages } from '../support/pages.ts';

const DAY = '2026-03-04';

/** A day's value of each metric, and where it stands against a band one wide on either side of the middle. */
const standing = (user: string, values: Readonly<Record<string, readonly [middle: number, value: number]>>) => ({
  daily: Object.entries(values).map(([metric, [, value]]) => dayRow(user, DAY, metric, value)),
  baselines: Object.entries(values).map(([metric, [middle, value]]) => {
    const z = value - middle;
    return baselineRow(user, DAY, metric, [middle, 1], { z, direction: z > 1 ? 'above' : z < -1 ? 'below' : 'usual' });
  }),
});

async function openDay() {
  const { runtime, tables } = openPages();
  const user = await addUser(runtime, { name: 'Ana' });
  return { runtime, tables, user, id: user.user_id };
}

test('what changed most is at most three, the furthest from the own normal first, whatever the direction', async () => {
  const { runtime, tables, user, id } = await openDay();
  // Distances of 2, 9, 5 and 4 bands, and one inside.
  tables.published = standing(id, {
    steps: [100, 102],
    weight_kg: [100, 91],
    floors_climbed: [100, 105],
    stress_0_100: [50, 46],
    diet_energy_kcal: [100, 100],
  });
  const { changed } = await readToday(runtime, user);
  expect(changed.map((card) => card.metric.metric)).toEqual(['weight_kg', 'floors_climbed', 'stress_0_100']);
});

test('the morning text says each number once, the unusual ones first', async () => {
  const { runtime, tables, user, id } = await openDay();
  tables.published = standing(id, { steps: [8000, 9999], weight_kg: [70, 70] });
  const { text } = await summarize(runtime, { user });
  expect(text.match(/9,999/g)).toHaveLength(1);
  expect(text.indexOf('9,999')).toBeLessThan(text.indexOf('70.0 kg'));
});

test('what is far from the own normal is told by its sentence, the most severe first, and not again as a change', async () => {
  const { runtime, tables, user, id } = await openDay();
  const anomaly = (metric: string, severity: string, sentence: string) => {
    return { user_id: id, local_date: DAY, metric, severity, sentence };
  };
  tables.published = {
    ...standing(id, { steps: [100, 109], weight_kg: [70, 66], floors_climbed: [100, 102] }),
    anomalies: [
      anomaly('steps', 'notable', 'You took 109 steps, more than usual (99 to 101 steps).'),
      anomaly('weight_kg', 'extreme', 'You weighed 66.0 kg, far less than usual (69.0 to 71.0 kg).'),
      { ...anomaly('steps', 'extreme', 'Another day.'), local_date: '2026-03-03' },
    ],
  };
  const { anomalies, changed } = await readToday(runtime, user);
  expect(anomalies.map(({ metric }) => metric)).toEqual(['weight_kg', 'steps']);
  expect(changed.map((card) => card.metric.metric)).toEqual(['floors_climbed']);
  const { text } = await summarize(runtime, { user });
  expect(text).toContain('Unlike your last 28 days:\n- You weighed 66.0 kg, far less than usual (69.0 to 71.0 kg).\n');
  expect(text.match(/109/g)).toHaveLength(1);
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
  const values = { steps: 40, floors_climbed: 400, resting_heart_rate_bpm: 50 };
  tables.published = {
    daily: Object.entries(values).map(([metric, value]) => dayRow(id, today, metric, value)),
    // Fourteen days of 100 and fourteen of 101: 100.5, read as 101.
    baselines: Object.entries(values).map(([metric, value]) =>
      baselineRow(id, today, metric, [100.5, 0.5], { direction: value > 101 ? 'above' : 'below', z: 2 * value - 201 }),
    ),
  };
  const { changed, groups } = await readToday(runtime, user);
  expect(changed.map((card) => card.metric.metric)).toEqual(['floors_climbed', 'resting_heart_rate_bpm']);
  const steps = groups.flatMap(({ cards }) => cards).find((card) => card.metric.metric === 'steps');
  expect(steps === undefined ? '' : compared(steps, 'metric')).toBe('usually 101 by the end of the day');
});
