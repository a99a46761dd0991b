import { describe, expect, test } from 'vitest';
import { withings } from '../../../providers/withings.ts';
import { fixture } from '../../support/fixture.ts';
import type { Payload, Tables } from '../../support/transform.ts';
import { connectionFact, daily, refused, tables, userFact } from '../deliveries.ts';

const person = (zone: string) => [userFact('u_a', { zone }), connectionFact('u_a', 'withings', 'w')];
const RECEIVED = '2026-11-20T10:00:00Z';

const answer = (name: string, type: string): Payload => ({
  provider: 'withings',
  externalId: 'w',
  type,
  data: fixture(`withings/${name}.json`),
  receivedAt: RECEIVED,
  receiver: 'fetch',
});
const of = (zone: string, ...payloads: readonly Payload[]): Promise<Tables> => tables([...person(zone), ...payloads]);
const values = async (made: Tables, where: string): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    (await made.query(`select metric, value from observations where ${where} order by metric`)).map((row) => [
      String(row['metric']),
      row['value'],
    ]),
  );
const counts = (made: Tables) => made.query(`select n_records, n_ignored from raw_objects where provider = 'withings'`);

test('aiowithings-measurement.json: a group given twice under one id is one', async () => {
  const made = await of('Europe/Amsterdam', answer('aiowithings-measurement', 'getmeas'));
  expect(
    await made.query(
      `select metric, value, unit, start_utc, cast(local_date as varchar) as day, source_type, device, provider_record_id,
         provider_modified_at from observations`,
    ),
  ).toEqual([
    {
      metric: 'weight_kg',
      value: 118.003, // 118003 and -3
      unit: 'kg',
      start_utc: '2023-09-02T10:39:11.000Z', // date 1693651151
      day: '2023-09-02',
      source_type: 'scale',
      device: 'Body+',
      provider_record_id: '4815757309',
      provider_modified_at: '2023-09-02T10:39:45.000Z', // modified 1693651185, 34 s later
    },
  ]);
});

const row = (metric: string, value: number, source_type: string, raw_pointer: string) => ({
  metric,
  value,
  source_type,
  raw_pointer,
});
const household = () => of('Europe/Paris', answer('aiowithings-measurement_list-trimmed', 'getmeas'));

describe('aiowithings-measurement_list-trimmed.json: a scale, a cuff and entries by hand', () => {
  test('powers of ten differ for one kind of measure, and each value is the decimal it says', async () => {
    const all = await household();
    // groups 17, 18 and 19, of 1644388257 = 2022-02-09T06:30:57Z: one weighing in three groups
    expect(await values(all, `local_date = date '2022-02-09'`)).toEqual({
      weight_kg: 90.2, // 90200 -3
      fat_mass_kg: 10.4, // 1040 -2
      muscle_mass_kg: 75.39, // 7539 -2
      body_water_kg: 57.59, // 5759 -2
      bone_mass_kg: 4.4, // 440 -2
      body_fat_pct: 11.53, // 11530 -3
      lean_mass_kg: 79.8, // 79800 -3
      heart_rate_bpm: 75, // 7500 -2
      pulse_wave_velocity_m_s: 7.2, // 7200 -3, attribution 8
      vascular_age_y: 40, // 400 -1
    });
    // 500000 -4, by hand on 1633622822 = 2021-10-07T16:07:02Z, and on 1634044108 = 2021-10-12T13:08:28Z
    expect(await daily(all, 'weight_kg')).toMatchObject({ '2021-10-07': 50, '2021-10-12': 50 });
  });

  test('blood pressure comes from a cuff, by hand from a person, and a pulse with it from the same', async () => {
    const all = await household();
    const rows = await all.query(
      `select metric, value, source_type, raw_pointer from observations
       where local_date in (date '2021-05-02', date '2021-05-06') and provider_record_id in ('2726388772', '2728397845')
       order by start_utc, metric`,
    );
    const [cuff, hand] = ['/body/measuregrps/3', '/body/measuregrps/7'];
    expect(rows).toEqual([
      row('bp_diastolic_mmhg', 96, 'cuff', `${cuff}/measures/0/value`), // 9600 -2
      row('bp_systolic_mmhg', 177, 'cuff', `${cuff}/measures/1/value`),
      row('heart_rate_bpm', 65, 'cuff', `${cuff}/measures/2/value`),
      row('bp_diastolic_mmhg', 109, 'manual', `${hand}/measures/0/value`), // 109 0, attribution 2
      row('bp_systolic_mmhg', 145, 'manual', `${hand}/measures/1/value`),
      row('heart_rate_bpm', 83, 'manual', `${hand}/measures/2/value`),
    ]);
  });

  test('what may be somebody else of the household is refused and in no table', async () => {
    const all = await household();
    // group 6, attribution 1, 1619089252 = 2021-04-22; nothing else is wrong with any of the 26
    expect(await refused(all)).toEqual(['ambiguous_user /body/measuregrps/6']);
    expect(await values(all, `local_date = date '2021-04-22'`)).toEqual({});
  });

  test('a weight typed in says nothing of fat', async () => {
    // group 14: 670000 -4, fat 0 in both ways, and the whole weight as fat-free mass; 1637596948 = 2021-11-22T16:02:28Z
    expect(await values(await household(), `local_date = date '2021-11-22'`)).toEqual({ weight_kg: 67 });
  });
});

test('aiowithings-measurement_positions.json: the body counts once, its segments are left for later', async () => {
  const file = await withings.import({
    name: 'positions.json',
    bytes: Buffer.from(fixture('withings/aiowithings-measurement_positions.json')),
    type: 'withings.getmeas',
  });
  const text = file.ok ? (file.parts[0]?.text ?? '') : '';
  const made = await of('Europe/Paris', { ...answer('aiowithings-measurement', 'getmeas'), data: text });
  // 1704769719 = 2024-01-09T03:08:39Z; types 5 and 8 stand there twice
  expect(await values(made, `local_date = date '2024-01-09'`)).toEqual({
    weight_kg: 95.854,
    lean_mass_kg: 77.18,
    fat_mass_kg: 18.66,
    muscle_mass_kg: 73.38,
    body_water_kg: 52.05,
    bone_mass_kg: 3.8,
    visceral_fat_index: 3.2, // 32 -1
    basal_metabolic_rate_kcal_d: 2263,
    body_fat_pct: 19.467,
  });
  expect(await made.query(`select count(*) as n from observations where metric = 'fat_mass_kg'`)).toEqual([{ n: 2 }]);
  // two groups with 28 measures each; 168, 169 and five segments in 173, 174, 175: 17 of each
  expect(await counts(made)).toEqual([{ n_records: 58, n_ignored: 34 }]);
});

test('shimmer-body-measures.json: an undocumented type is counted, and the day is the person’s', async () => {
  const made = await of('America/Los_Angeles', answer('shimmer-body-measures', 'getmeas'));
  // 1433052383 = 2015-05-31T06:06:23Z, 23:06 of the day before in Los Angeles
  expect(await values(made, `local_date = date '2015-05-30'`)).toEqual({
    bp_diastolic_mmhg: 68,
    bp_systolic_mmhg: 104,
    heart_rate_bpm: 41,
    weight_kg: 74.126,
  });
  // 1424719489 = 2015-02-23T19:24:49Z: 1930 -3 and 37 0, by hand
  expect(await values(made, `local_date = date '2015-02-23'`)).toEqual({ height_m: 1.93, body_temperature_c: 37 });
  // five groups with 5 + 1 + 2 + 2 + 2 measures, three of them type 18
  expect(await counts(made)).toEqual([{ n_records: 17, n_ignored: 3 }]);
  expect(await refused(made)).toEqual([]);
});

test('shimmer-body-measures-only-goal.json: a goal is no weight', async () => {
  const made = await of('America/Los_Angeles', answer('shimmer-body-measures-only-goal', 'getmeas'));
  expect(await made.query('select * from observations')).toEqual([]);
  expect(await counts(made)).toEqual([{ n_records: 2, n_ignored: 1 }]); // the group and its one measure
});
