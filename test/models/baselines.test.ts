import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { addDays } from '../../app/days.ts';
import { before, inTurn, over, type DayValue } from './over.ts';

const DAY = '2026-11-10';

const steps = (value: number, day = DAY): DayValue => ({ day, metric: 'steps', value });
const walked = (count: number, ...values: readonly number[]) => before(DAY, 'steps', inTurn(count, ...values));
const ago = (days: number, value: number) => steps(value, addDays(DAY, -days));
const pulse: DayValue = { day: DAY, metric: 'resting_heart_rate_bpm', value: 50 };

// eight of 7600, eight of 8400 and one of 8000: mean 8000, sd = sqrt(16 x 400² / 16) = 400
const EDGED = before(DAY, 'steps', [...inTurn(16, 7600, 8400), 8000]);

/** What is in a person's days, by what the person shows. */
const PEOPLE: Readonly<Record<string, readonly DayValue[]>> = {
  banded: [steps(10_000), ...walked(28, 8000, 9000)],
  young: [steps(9000), ago(29, 1), ...walked(13, 8000)],
  enough: [steps(9000), ago(28, 8000), ...walked(13, 8000)],
  equal: [steps(8001), ...walked(20, 8000)],
  at_the_top: [steps(8400), ...EDGED],
  above: [steps(8401), ...EDGED],
  at_the_foot: [steps(7600), ...EDGED],
  below: [steps(7599), ...EDGED],
  without: [pulse, ...walked(14, 8000, 9000)],
  without_long: [pulse, ago(29, 1)],
  zero: [steps(0), ...walked(14, 0, 10), ago(20, 10)],
  large: [steps(199_999), ...walked(28, 199_999, 199_998)],
  // where the low 20 bits of a micro-unit overflow: 1,048,576 of them are 1.048576
  parted: before(DAY, 'weight_kg', [...inTurn(14, 1.0485, 1.0487), 1.0486]).concat({ ...pulse, metric: 'weight_kg' }),
};

describe('baselines_daily', () => {
  let query: (sql: string) => Promise<readonly Row[]>;
  beforeAll(async () => {
    query = await over('baselines_daily', PEOPLE);
  });

  const rowOf = async (user: string, day = DAY, metric = 'steps') => {
    const [row] = await query(
      `select * from baselines_daily where user_id = '${user}' and metric = '${metric}' and local_date = date '${day}'`,
    );
    return row;
  };

  test('a day stands against mean and sd of the 28 days before it, the day itself left out', async () => {
    // fourteen of 8000 and fourteen of 9000: mean 8500, every distance 500: sd = sqrt(28 x 500² / 27)
    const sd = Math.sqrt((28 * 250_000) / 27);
    const row = await rowOf('banded');
    expect(row).toMatchObject({ value: 10_000, unit: 'count', mean: 8500, n: 28, direction: 'above' });
    expect(row?.['sd']).toBeCloseTo(sd, 9);
    expect(row?.['z']).toBeCloseTo(1500 / sd, 9);
    // of the seven before, four are 8000 (the nearest first) and three 9000: (32000 + 27000) / 7
    expect(row?.['mean_7']).toBe(59_000 / 7);
  });

  test('the twenty-ninth day before is too long ago, and thirteen days are too few', async () => {
    const none = { mean: null, sd: null, z: null, direction: null };
    expect(await rowOf('young')).toMatchObject({ ...none, n: 13, mean_7: 8000 });
    expect(await rowOf('enough')).toMatchObject({ n: 14, mean: 8000, sd: 0 });
  });

  test('where all days were equal another value is above without a distance, the same is as usual', async () => {
    expect(await rowOf('equal')).toMatchObject({ mean: 8000, sd: 0, z: null, direction: 'above' });
    const usual = { mean: 8000, sd: 0, z: null, direction: 'usual' };
    expect(await rowOf('equal', addDays(DAY, -1))).toMatchObject(usual);
  });

  test.each([
    ['at_the_top', 'usual'],
    ['above', 'above'],
    ['at_the_foot', 'usual'],
    ['below', 'below'],
  ])('the edges of the band are usual: %s', async (user, direction) => {
    expect(await rowOf(user)).toMatchObject({ mean: 8000, sd: 400, direction });
  });

  test('a day without a value is told what is usual when the person has any other value that day', async () => {
    expect(await rowOf('without')).toMatchObject({ value: null, mean: 8500, n: 14, z: null, direction: null });
    // nor is there a row where nothing is known of the day or of the 28 before it
    expect(await rowOf('without', addDays(DAY, 1))).toBeUndefined();
    expect(await rowOf('without_long')).toBeUndefined();
  });

  test('zero is a value and missing is none', async () => {
    // seven of 0 and eight of 10 in fifteen days
    expect(await rowOf('zero')).toMatchObject({ value: 0, mean: 80 / 15, n: 15, direction: 'below' });
  });

  test('a small spread of large values is not lost, nor one across the parts of a number', async () => {
    // 199,999 and 199,998 in turn: sd = sqrt(28 x 0.5² / 27), however large the mean
    const row = await rowOf('large');
    expect(row?.['mean']).toBe(199_998.5);
    expect(row?.['sd']).toBeCloseTo(Math.sqrt(7 / 27), 12);
    // seven on either side by 100 micro-units, and the middle: sd = sqrt(14 x 0.0001² / 14)
    const parted = await rowOf('parted', DAY, 'weight_kg');
    expect(parted).toMatchObject({ mean: 1.0486, sd: 0.0001, n: 15 });
  });

  test('no metric has values whose squares would not be whole any more', async () => {
    // n² high² must stay below 2^53 (a double holds it): high < 2^26.5 / 28, times 2^20 micro-units
    const most = (2 ** 26.5 / 28) * 2 ** 20 * 1e-6;
    expect(most).toBeGreaterThan(3_500_000);
    expect(await query(`select metric from metrics where cast(max as double) > ${most}`)).toEqual([]);
  });
});
