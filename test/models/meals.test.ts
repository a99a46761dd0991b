import { expect, test } from 'vitest';
import { connectionFact, diary, tables, userFact, type Tables } from './deliveries.ts';

const RECEIVED = '2026-11-12T08:00:00Z';
const row = (Meal: string, Calories: string, more: Readonly<Record<string, string>> = {}) => ({
  Date: '2026-11-10',
  Meal,
  Calories,
  ...more,
});

/** One day with two diaries, the fuller one under either name: which account hashes first must not matter. */
const household = (user: string, few: string, many: string) => [
  userFact(user),
  connectionFact(user, 'myfitnesspal', few),
  connectionFact(user, 'myfitnesspal', many),
  { ...diary([row('Lunch', '100')], RECEIVED), externalId: few, deliveryId: `d_${few}` },
  { ...diary([row('Lunch', '300'), row('Dinner', '400')], RECEIVED), externalId: many, deliveryId: `d_${many}` },
];
const eaten = (of: Tables) => of.query('select user_id, meal, energy_kcal from meals order by user_id, energy_kcal');

test('the meals of a day are those of the diary that says what was eaten that day', async () => {
  const of = await tables([...household('u_a', 'm1', 'm2'), ...household('u_b', 'm4', 'm3')]);
  expect(await of.query(`select value from daily_metrics where metric = 'diet_energy_kcal'`)).toEqual([
    { value: 700 },
    { value: 700 },
  ]);
  expect(await eaten(of)).toEqual(
    ['u_a', 'u_b'].flatMap((user_id) => [
      { user_id, meal: 'Lunch', energy_kcal: 300 },
      { user_id, meal: 'Dinner', energy_kcal: 400 },
    ]),
  );
});

test('a diary without energy has its meals all the same', async () => {
  const of = await tables([
    userFact('u_a'),
    connectionFact('u_a', 'myfitnesspal', 'm'),
    diary([row('Lunch', '', { 'Protein (g)': '12' })], RECEIVED),
  ]);
  expect(await of.query('select meal, energy_kcal, protein_g from meals')).toEqual([
    { meal: 'Lunch', energy_kcal: null, protein_g: 12 },
  ]);
});
