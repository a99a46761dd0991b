import { beforeAll, describe, expect, test } from 'vitest';
import { myfitnesspal } from '../../../providers/myfitnesspal.ts';
import { fixture } from '../../support/fixture.ts';
import type { Payload, Tables } from '../../support/transform.ts';
import { daily, person, tables } from '../deliveries.ts';

async function imported(name: string): Promise<readonly Payload[]> {
  const result = await myfitnesspal.import({
    name,
    bytes: new TextEncoder().encode(fixture(`myfitnesspal/${name}`)),
    units: 'metric',
  });
  if (!result.ok) throw new Error(result.detail);
  return result.parts.map((part) => ({
    provider: 'myfitnesspal',
    externalId: 'm',
    type: part.resource,
    data: part.text,
    receivedAt: '2026-03-03T10:00:00Z',
    deliveryId: `d_${part.resource}`,
    receiver: 'import',
    ...(part.coversFrom === undefined ? {} : { coversFrom: part.coversFrom }),
    ...(part.coversTo === undefined ? {} : { coversTo: part.coversTo }),
  }));
}

test('columns of measurements beside the weight are counted and mapped to nothing', async () => {
  const rows = [
    { Date: '2026-03-01', Weight: '80.5', 'Body Fat %': '21.4', Waist: '' },
    { Date: '2026-03-02', Weight: '', 'Body Fat %': '', Waist: '88', 'Neck (in.)': '15' },
  ];
  const of = await tables([
    ...person(),
    {
      provider: 'myfitnesspal',
      externalId: 'm',
      type: 'measurement',
      data: { units: 'kg', rows },
      receivedAt: '2026-03-03T10:00:00Z',
      receiver: 'import',
    },
  ]);
  expect(await of.query(`select n_records, n_ignored from raw_objects where provider = 'myfitnesspal'`)).toEqual([
    { n_records: 2, n_ignored: 3 }, // 21.4, 88 and 15
  ]);
  expect(await of.query('select metric, value from observations')).toEqual([{ metric: 'weight_kg', value: 80.5 }]);
  expect(await of.query('select * from quarantine')).toEqual([]);
});

describe('the export of 2024-07-02 to 2026-03-02', () => {
  let of: Tables;
  beforeAll(async () => {
    of = await tables([
      ...person(),
      ...(await imported('Nutrition-Summary-2024-07-02-to-2026-03-02.csv')),
      ...(await imported('Measurement-Summary-2024-07-02-to-2026-03-02.csv')),
    ]);
  });

  test('four meals make a day', async () => {
    // lines 2 to 5: calories 518.0 + 561.0 + 489.0 + 628.8; protein 27.6 + 59.3 + 34.8 + 24.9; fat 29.0 + 15.4 + 14.6 + 17.1
    expect((await daily(of, 'diet_energy_kcal'))['2024-07-02']).toBe(2196.8);
    expect((await daily(of, 'diet_protein_g'))['2024-07-02']).toBe(146.6);
    expect((await daily(of, 'diet_fat_g'))['2024-07-02']).toBe(76.1);
    // sodium 574.5 + 250.0 + 1.5 + 0.0
    expect((await daily(of, 'diet_sodium_mg'))['2024-07-02']).toBe(826);
  });

  test('a meal keeps the word of the diary', async () => {
    const rows = await of.query(
      `select meal, meal_kind, energy_kcal from meals where local_date = date '2024-07-02' order by meal`,
    );
    expect(rows).toEqual([
      { meal: 'Breakfast', meal_kind: 'breakfast', energy_kcal: 518 },
      { meal: 'Dinner', meal_kind: 'dinner', energy_kcal: 561 },
      { meal: 'Lunch', meal_kind: 'lunch', energy_kcal: 489 },
      { meal: 'Snacks', meal_kind: 'snack', energy_kcal: 628.8 },
    ]);
    // the last line: Post-Workout, 1027.2 kcal, 75.8 g of protein, a meal of the person's own
    const [own] = await of.query(
      `select meal_kind, energy_kcal, protein_g from meals where meal = 'Post-Workout' and local_date = date '2026-03-02'`,
    );
    expect(own).toEqual({ meal_kind: 'other', energy_kcal: 1027.2, protein_g: 75.8 });
  });

  test('every row of both files is there', async () => {
    // 159 rows below the header, one a date and meal
    expect(await of.query('select count(*) as n from meals')).toEqual([{ n: 159 }]);
    // 141 weights, one a date
    expect(await of.query(`select count(*) as n from daily_metrics where metric = 'weight_kg'`)).toEqual([{ n: 141 }]);
  });

  test('a weight is in the unit frozen at import', async () => {
    const weights = await daily(of, 'weight_kg');
    expect(weights['2024-07-02']).toBe(85.5);
    expect(weights['2024-07-04']).toBe(84.5);
  });
});
