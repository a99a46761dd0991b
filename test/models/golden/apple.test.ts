import { describe, expect, test } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import type { Tables } from '../../support/transform.ts';
import { dayOf, daily, person, tables } from '../deliveries.ts';

const RECEIVED = '2026-11-20T10:00:00Z';

async function of(name: string, type: 'metrics' | 'workouts'): Promise<Tables> {
  return tables([
    ...person(),
    { provider: 'apple', externalId: 'p', type, data: fixture(`apple/${name}`), receivedAt: RECEIVED },
  ]);
}

test('hae-metrics-kj-multiday.json: kJ in kcal, days and hours told apart, the last resting rate', async () => {
  const found = await of('hae-metrics-kj-multiday.json', 'metrics');
  // both rows at midnight: days. 521.815928 / 4.184 = 124.717; 1845.127264 / 4.184 = 440.996
  expect(await daily(found, 'energy_active_kcal')).toEqual({ '2026-09-09': 124.717, '2026-09-11': 440.996 });
  // 7260.402 / 4.184 = 1735.2777246…, in millionths 1735.277725
  expect(await daily(found, 'energy_basal_kcal')).toEqual({ '2026-09-11': 1735.277725 });
  // 440.996 + 1735.277725: the same source gave both on the 11th only
  expect(await daily(found, 'energy_total_kcal')).toEqual({ '2026-09-11': 2176.273725 });
  // 07:00, 13:00 and 19:00, all on the hour: 1200 + 2500 + 1214
  expect(await daily(found, 'steps')).toEqual({ '2026-09-11': 4914 });
  expect(await found.query(`select distinct metric, kind from observations order by metric`)).toEqual([
    { metric: 'energy_active_kcal', kind: 'daily' },
    { metric: 'energy_basal_kcal', kind: 'daily' },
    { metric: 'resting_heart_rate_bpm', kind: 'sample' },
    { metric: 'steps', kind: 'interval' },
  ]);
  // 89 at 06:10, 91 at 12:10, 90 at 20:10
  expect(await dayOf(found, 'resting_heart_rate_bpm', '2026-09-11')).toMatchObject({
    value: 90,
    value_first: 89,
    value_max: 91,
  });
  // apple_stand_hour is mapped to nothing: three rows counted, none refused
  expect(await found.query(`select n_records, n_ignored, state from raw_objects where provider = 'apple'`)).toEqual([
    { n_records: 12, n_ignored: 3, state: 'processed' }, // 2 + 1 + 3 + 3 + 3 rows
  ]);
  expect(await found.query('select * from quarantine')).toEqual([]);
});

test('hae-metrics-minutes-v1.json: minutes add up on the day their own offset says', async () => {
  const found = await of('hae-metrics-minutes-v1.json', 'metrics');
  // 0.7685677437 / 4.184 = 0.183692…, 0.3778482563 / 4.184 = 0.090308…; in millionths 183692 + 90308
  expect(await daily(found, 'energy_active_kcal')).toEqual({ '2021-12-24': 0.274 });
  const [row] = await found.query(
    'select start_utc, end_utc, kind, quality from observations order by start_utc limit 1',
  );
  // 00:04 +0800; no header, so how long a row is was inferred
  expect(row).toEqual({
    start_utc: '2021-12-23T16:04:00.000Z',
    end_utc: '2021-12-23T16:05:00.000Z',
    kind: 'interval',
    quality: 'partial',
  });
});

test('hae-sleep-aggregated-old.json: hours in seconds, the source under its old name, the day of waking', async () => {
  const found = await of('hae-sleep-aggregated-old.json', 'metrics');
  const [night] = await found.query('select *, cast(local_date as varchar) as day from sleep_sessions');
  expect(night).toMatchObject({
    day: '2021-12-18',
    start_utc: '2021-12-17T18:21:06.000Z', // 02:21:06 +0800
    end_utc: '2021-12-18T00:57:06.000Z', // 08:57:06 +0800
    offset_s: 28800,
    asleep_s: 21990, // 6.108333… h
    in_bed_s: 24515, // 6.809728874 h = 24515.02 s
    source_type: 'watch',
    is_main: true,
  });
  expect(night?.['efficiency_pct']).toBeCloseTo((21990 / 24515) * 100, 9);
});

test('hae-sleep-unaggregated.json: a stage makes a session, by the app’s own hours', async () => {
  const found = await of('hae-sleep-unaggregated.json', 'metrics');
  const [night] = await found.query('select *, cast(local_date as varchar) as day from sleep_sessions');
  expect(night).toMatchObject({
    day: '2021-12-18',
    start_utc: '2021-12-17T18:21:06.000Z',
    end_utc: '2021-12-18T00:57:06.000Z',
    asleep_s: 21990, // qty 6.108333… h, not the 6.6 h between its times
    light_s: 21990, // Core
    deep_s: null,
    quality: 'provisional',
    raw_pointer: '/data/metrics/0/data/0',
  });
});

describe('hae-v2-doc-shapes.json', () => {
  test('readings keep their units, and min, average and max their places', async () => {
    const found = await of('hae-v2-doc-shapes.json', 'metrics');
    const day = '2024-02-06';
    expect(await daily(found, 'bp_systolic_mmhg')).toEqual({ [day]: 120 });
    expect(await daily(found, 'bp_diastolic_mmhg')).toEqual({ [day]: 80 });
    expect(await daily(found, 'glucose_mg_dl')).toEqual({ [day]: 95 });
    expect(await daily(found, 'resting_heart_rate_bpm')).toEqual({ [day]: 58 });
    expect(await dayOf(found, 'heart_rate_bpm', day)).toMatchObject({ value: 72, value_min: 65, value_max: 85 });
    // totalSleep 7.5 h, although the stages add up to 7; in bed 8 h; 7.5 / 8
    expect(await daily(found, 'sleep_total_s')).toEqual({ [day]: 27000 });
    expect(await daily(found, 'sleep_light_s')).toEqual({ [day]: 12600 });
    expect(await daily(found, 'sleep_deep_s')).toEqual({ [day]: 5400 });
    expect(await daily(found, 'sleep_rem_s')).toEqual({ [day]: 7200 });
    expect(await daily(found, 'sleep_efficiency_pct')).toEqual({ [day]: 93.75 });
  });

  test('the workout of version 2 is converted by its units', async () => {
    const found = await of('hae-v2-doc-shapes.json', 'workouts');
    expect(await found.query('select *, cast(local_date as varchar) as day from workouts')).toMatchObject([
      {
        sport: 'running',
        provider_record_id: '550e8400-e29b-41d4-a716-446655440000',
        start_utc: '2024-02-06T15:00:00.000Z', // 07:00 -0800
        day: '2024-02-06',
        elapsed_s: 1800,
        distance_m: 5632.704, // 3.5 mi x 1609.344
        energy_active_kcal: 350,
        energy_includes_basal: false,
        hr_avg_bpm: 150,
        hr_max_bpm: 175,
        elevation_gain_m: 36.576, // 120 ft x 0.3048
      },
    ]);
    expect(await daily(found, 'energy_active_kcal')).toEqual({});
  });
});

test('hae-workouts-v1.json: the older names of energy and climb', async () => {
  const found = await of('hae-workouts-v1.json', 'workouts');
  const [workout] = await found.query('select *, cast(local_date as varchar) as day from workouts');
  expect(workout).toMatchObject({
    sport: 'walking',
    start_utc: '2021-12-24T00:02:43.000Z',
    day: '2021-12-24',
    elapsed_s: 1150, // 08:02:43 to 08:21:53
    distance_m: null,
    elevation_gain_m: 16.36,
    hr_avg_bpm: 108, // no heartRate object: the one reading of heartRateData
    hr_max_bpm: 108,
  });
  expect(workout?.['energy_active_kcal']).toBeCloseTo(226.21122641832523 / 4.184, 9);
});
