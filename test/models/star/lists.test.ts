import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { metrics } from '../../../app/metrics.ts';
import { tables } from '../deliveries.ts';

const sports = z
  .array(z.object({ sport: z.string() }))
  .parse(parse(readFileSync('models/sports.csv', 'utf8'), { columns: true, skip_empty_lines: true }));

const byMetric = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): number =>
  String(one['metric']) < String(other['metric']) ? -1 : 1;

test('dim_metric calls every metric what the program calls it', async () => {
  const of = await tables([]);
  const rows = await of.query('select metric, title, unit, day_rule, decimals from dim_metric');
  const told = [...metrics().values()].map(({ metric, title, unit, day_rule, decimals }) => ({
    metric,
    title,
    unit,
    day_rule,
    decimals,
  }));
  expect(rows.toSorted(byMetric)).toEqual(told.toSorted(byMetric));
  // as metrics.csv has them, numbers as numbers
  expect(await of.query(`select min, max, loinc from dim_metric where metric = 'skin_temperature_dev_c'`)).toEqual([
    { min: -10, max: 10, loinc: null },
  ]);
});

test('dim_activity knows every sport a workout can be of, also the one that is none of ours', async () => {
  const of = await tables([]);
  const known = (await of.query('select sport from dim_activity')).map((row) => String(row['sport']));
  expect(known.toSorted()).toEqual([...new Set([...sports.map(({ sport }) => sport), 'other'])].toSorted());
  expect(await of.query(`select title, sport_group from dim_activity where sport = 'trail_running'`)).toEqual([
    { title: 'Trail running', sport_group: 'run' },
  ]);
});
