import { expect, test } from 'vitest';
import { setGoal } from '../../../app/goals.ts';
import { readGoals } from '../../../app/goals/day.ts';
import { goalLine } from '../../../app/goals/words.ts';
import { addUser } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { summarize } from '../../../app/summarize.ts';
import { createDashboard } from '../../../dashboard/pages.tsx';
import { dayRow, openPages, ORIGIN } from '../../support/pages.ts';

/** It is Thursday 5 March 2026, 09:00 in Paris. */
const DAY = '2026-03-04';
const FINAL = '2026-03-05T00:00:00Z';

/** A row of `goals_daily`. */
const row = (metric: string, direction: string, target: number, value: number, streak: number, final_at = FINAL) => ({
  goal: `${metric}_${direction}`,
  metric,
  unit: '',
  direction,
  target,
  value,
  met: streak > 0,
  streak,
  final_at,
});

/** Ana with goals of steps, weight and food, on a day with all three. */
async function open() {
  const { runtime, tables } = openPages();
  const user = await addUser(runtime, { name: 'Ana', units: 'metric' });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  await setGoal(runtime, user, { metric: 'weight_kg', direction: 'at_most', target: 71 });
  await setGoal(runtime, user, { metric: 'diet_energy_kcal', direction: 'at_most', target: 2200 });
  const rows = [
    row('diet_energy_kcal', 'at_most', 2200, 2300, 0),
    row('steps', 'at_least', 8000, 9240, 5, '2026-03-08T00:00:00Z'),
    row('weight_kg', 'at_most', 71, 70.5, 1),
  ];
  tables.published = {
    daily: [dayRow(user.user_id, DAY, 'steps', 9240)],
    queries: { goals_of_day: [...rows, row('water_intake_ml', 'at_least', 1000, 1500, 9)] },
  };
  return { runtime, tables, user };
}

test('a line says the value, what was wanted, and the days in a row where there are several', async () => {
  const { runtime, user } = await open();
  const goals = await readGoals(runtime, user.user_id, DAY);
  // Water was a goal on that day, and is none any more.
  expect(goals.map((goal) => goalLine(goal, 'metric'))).toEqual([
    'Energy eaten: 2,300 kcal, at most 2,200 kcal wanted: not met.',
    'Steps: 9,240 so far, at least 8,000 wanted: met, 5 days in a row.',
    'Weight: 70.5 kg, at most 71.0 kg wanted: met.',
  ]);
  expect(goals[2] && goalLine(goals[2], 'imperial')).toBe('Weight: 155.4 lb, at most 156.5 lb wanted: met.');
});

test('whoever has no goals is not asked about', async () => {
  const { runtime } = await open();
  const bea = await addUser(runtime, { name: 'Bea' });
  const warehouse = { run: () => Promise.reject(new Error('asked')) };
  expect(await readGoals({ ...runtime, warehouse }, bea.user_id, DAY)).toEqual([]);
});

test('the morning text tells goals after the day; in mail of totals nothing of weight', async () => {
  const { runtime, user } = await open();
  const full = (await summarize(runtime, { user })).text;
  expect(full).toContain('\nGoals:\n- Energy eaten: 2,300 kcal, at most 2,200 kcal wanted: not met.\n');
  expect(full).toContain('- Weight: 70.5 kg');
  expect(full.indexOf('Goals:')).toBeGreaterThan(full.indexOf('9,240 steps'));
  const { text } = await summarize({ ...runtime, mailDetail: 'totals' }, { user });
  expect(text).toContain('- Steps: 9,240 so far, at least 8,000 wanted: met, 5 days in a row.\n');
  expect(text).not.toContain('Weight');
});

test('a text of a day without goals has no line about them', async () => {
  const { runtime, tables, user } = await open();
  tables.published = { daily: [dayRow(user.user_id, DAY, 'steps', 9240)] };
  expect((await summarize(runtime, { user })).text).not.toContain('Goals');
});

test('the day’s page shows them, met or not by a sign and in words', async () => {
  const { runtime, user } = await open();
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: user.user_id })}`;
  const answer = await createDashboard(runtime).request(`${ORIGIN}/?day=${DAY}`, { headers: { cookie } });
  const page = await answer.text();
  expect(page).toContain(
    '<li><span class="mark">✓</span> Steps: 9,240 so far, at least 8,000 wanted: met, 5 days in a row.</li>',
  );
  expect(page).toContain(
    '<li><span class="mark">·</span> Energy eaten: 2,300 kcal, at most 2,200 kcal wanted: not met.</li>',
  );
});
