import { beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import type { Payload, Tables } from '../../support/transform.ts';
import { connectionFact, daily, refused, tables, userFact } from '../deliveries.ts';

const ACCOUNT = '00000000-0000-4000-8000-00000000000a';
const RECEIVED = '2026-11-20T10:00:00Z';
const person = [userFact('u_a', { zone: 'Europe/Paris' }), connectionFact('u_a', 'oura', ACCOUNT)];

/** A stored answer of the API, as it was fetched. */
const fetched = (type: string, data: unknown, receivedAt = RECEIVED): Payload => {
  return { provider: 'oura', externalId: ACCOUNT, type, data, receivedAt, receiver: 'fetch' };
};
const answer = (type: string): Payload => fetched(type, fixture(`oura/${type}.json`));

const days = async (of: Tables): Promise<Record<string, unknown>> => {
  const rows = await of.query(`select metric, cast(local_date as varchar) as day, value from daily_metrics`);
  return Object.fromEntries(rows.map((row) => [`${String(row['day'])} ${String(row['metric'])}`, row['value']]));
};
const scores = async (of: Tables): Promise<Record<string, unknown>> => {
  const rows = await of.query('select name, value from scores');
  return Object.fromEntries(rows.map((row) => [String(row['name']), row['value']]));
};

describe('the answers about a day', () => {
  let of: Tables;
  const types = ['daily_activity', 'daily_spo2', 'daily_stress', 'daily_resilience', 'daily_cardiovascular_age'];
  const later = ['vo2_max', 'daily_sleep', 'daily_readiness', 'session'];
  beforeAll(async () => {
    of = await tables([...person, ...[...types, ...later].map(answer)]);
  });

  test('each value stands on the date Oura gave it, whatever its time stamp says', async () => {
    expect(await days(of)).toEqual({
      // daily_activity.json: the day began at 04:00-08:00; its date is that of the wearer
      '2021-11-26 steps': 18430,
      '2021-11-26 distance_m': 20122, // equivalent_walking_distance
      '2021-11-26 energy_active_kcal': 1222, // active_calories, not total_calories
      '2021-11-26 energy_total_kcal': 3446,
      '2021-11-26 intensity_moderate_s': 6060, // medium_activity_time
      '2021-11-26 intensity_vigorous_s': 3000, // high_activity_time
      '2021-11-26 sedentary_time_s': 21000,
      '2022-07-12 spo2_pct': 97.6, // spo2_percentage.average
      '2021-10-27 vascular_age_y': 32,
      '2021-10-27 pulse_wave_velocity_m_s': 7.2,
      '2021-10-27 vo2max_ml_kg_min': 48,
      '2026-11-10 skin_temperature_dev_c': -0.12, // a deviation: no temperature is made of it
    });
  });

  test('scores stay scores of Oura, those of contributors no heart rates', async () => {
    expect(await scores(of)).toEqual({
      'oura.activity': 82,
      'oura.sleep': 78,
      'oura.readiness': 81,
      'oura.breathing_disturbance_index': 3,
      'oura.resilience_sleep_recovery': 64.2,
      'oura.resilience_daytime_recovery': 56.8,
      'oura.resilience_stress': 40.1,
    });
  });

  test('a value leads to its place, comes from a ring, and an estimate is marked', async () => {
    const rows = await of.query(
      `select metric, raw_pointer, source_type, quality, provider_record_id from observations
       where metric in ('spo2_pct', 'distance_m') order by metric`,
    );
    expect(rows).toEqual([
      {
        metric: 'distance_m',
        raw_pointer: '/data/0/equivalent_walking_distance',
        source_type: 'ring',
        quality: 'partial',
        provider_record_id: '8f9a5221-639e-4a85-81cb-4065ef23f979',
      },
      {
        metric: 'spo2_pct',
        raw_pointer: '/data/0/spo2_percentage/average',
        source_type: 'ring',
        quality: 'ok',
        provider_record_id: '8f9a5221-639e-4a85-81cb-4065ef23f982',
      },
    ]);
  });

  test('seconds of stress and a session have no metric: they are counted, nothing is refused', async () => {
    expect(
      await of.query(`select type, n_records, n_ignored from raw_objects where n_ignored > 0 order by type`),
    ).toEqual([
      { type: 'oura.daily_stress', n_records: 1, n_ignored: 1 },
      { type: 'oura.session', n_records: 1, n_ignored: 1 },
    ]);
    expect(await refused(of)).toEqual([]);
  });
});

describe('sleep.json', () => {
  let of: Tables;
  beforeAll(async () => {
    of = await tables([...person, answer('sleep')]);
  });

  test('a night, a nap and a short sleep are sessions; what was deleted or rejected is none', async () => {
    const rows = await of.query(
      `select cast(local_date as varchar) as day, start_utc, end_utc, offset_s, is_main, is_nap, asleep_s, in_bed_s, deep_s, light_s,
         rem_s, awake_s, latency_s, efficiency_pct, hr_avg_bpm, hr_lowest_bpm, hrv_rmssd_ms, respiratory_rate_brpm
       from sleep_sessions order by start_utc`,
    );
    const unknown = { hr_avg_bpm: null, hrv_rmssd_ms: null, respiratory_rate_brpm: null };
    expect(rows).toEqual([
      {
        day: '2026-11-10',
        start_utc: '2026-11-09T22:10:00.000Z', // 23:10+01:00
        end_utc: '2026-11-10T06:10:00.000Z', // 07:10+01:00
        offset_s: 3600,
        is_main: true,
        is_nap: false,
        asleep_s: 25200, // 5400 + 14400 + 5400
        in_bed_s: 28800,
        deep_s: 5400,
        light_s: 14400,
        rem_s: 5400,
        awake_s: 3600,
        latency_s: 600,
        efficiency_pct: 88,
        hr_avg_bpm: 56.5,
        hr_lowest_bpm: 49,
        hrv_rmssd_ms: 62,
        respiratory_rate_brpm: 14.25,
      },
      {
        day: '2026-11-11', // slept on the 10th after six: Oura gives it to the next date
        start_utc: '2026-11-10T17:00:00.000Z',
        end_utc: '2026-11-10T17:40:00.000Z',
        offset_s: 3600,
        is_main: false,
        is_nap: true,
        asleep_s: 1800,
        in_bed_s: 2400,
        deep_s: 0, // a zero is a value
        light_s: 1800,
        rem_s: 0,
        awake_s: 600,
        latency_s: 300,
        efficiency_pct: 75,
        hr_lowest_bpm: null,
        ...unknown,
      },
      {
        day: '2026-11-12',
        start_utc: '2026-11-12T01:00:00.000Z',
        end_utc: '2026-11-12T03:30:00.000Z',
        offset_s: 3600,
        is_main: true,
        is_nap: false,
        asleep_s: null, // given as null
        in_bed_s: 9000,
        deep_s: null,
        light_s: null,
        rem_s: null,
        awake_s: null,
        latency_s: null,
        efficiency_pct: null,
        hr_lowest_bpm: 52,
        ...unknown, // an average of 4.25 is refused
      },
    ]);
  });

  test('the lowest heart rate of a night is never the resting one, and HRV is RMSSD', async () => {
    const found = await days(of);
    expect(found['2026-11-10 sleep_hr_lowest_bpm']).toBe(49);
    expect(found['2026-11-10 hrv_rmssd_ms']).toBe(62); // average_hrv, not the mean of the series
    expect(Object.keys(found).filter((name) => /resting|sdnn/.test(name))).toEqual([]);
    expect(Object.keys(found).filter((name) => name.startsWith('2026-11-11'))).toEqual([]); // a nap says nothing of a night
  });

  test('variability along the night is a series: its times follow from the place in the list', async () => {
    expect(await of.query(`select metric, at_utc, value, raw_pointer from samples order by at_utc`)).toEqual([
      // items 1 and 3, 300 s each after 22:10; the series of what was rejected is left out
      { metric: 'hrv_rmssd_ms', at_utc: '2026-11-09T22:15:00.000Z', value: 60, raw_pointer: '/data/0/hrv/items/1' },
      { metric: 'hrv_rmssd_ms', at_utc: '2026-11-09T22:25:00.000Z', value: 64, raw_pointer: '/data/0/hrv/items/3' },
    ]);
  });

  test('impossible numbers are refused one by one, with their place', async () => {
    expect(await refused(of)).toEqual(['out_of_range /data/0/hrv/items/2', 'out_of_range /data/4/average_heart_rate']);
  });

  test('two of the five are no sleep, and that is counted', async () => {
    const [row] = await of.query(`select n_ignored from raw_objects where type = 'oura.sleep'`);
    expect(row).toEqual({ n_ignored: 2 });
  });
});

test('workout.json: known and unknown sports, the figures Oura gives, nothing added to the day', async () => {
  const of = await tables([...person, answer('workout')]);
  const shared = { day: '2026-11-10', energy_includes_basal: null, hr_avg_bpm: null };
  expect(
    await of.query(
      `select sport, sport_raw, start_utc, cast(local_date as varchar) as day, elapsed_s, distance_m, energy_active_kcal,
         energy_includes_basal, hr_avg_bpm from workouts order by start_utc`,
    ),
  ).toEqual([
    {
      ...shared,
      sport: 'running',
      sport_raw: 'running',
      start_utc: '2026-11-10T16:02:11.000Z', // 17:02:11+01:00
      elapsed_s: 1980, // 33 minutes
      distance_m: 5230,
      energy_active_kcal: 310.5,
    },
    {
      ...shared,
      sport: 'other',
      sport_raw: 'underwaterHockey',
      start_utc: '2026-11-10T19:00:00.000Z',
      elapsed_s: 3600,
      distance_m: null,
      energy_active_kcal: null,
    },
  ]);
  expect(await days(of)).toEqual({});
});

test('heartrate.json: an instant in UTC, on the day of the person’s zone', async () => {
  const evening = { timestamp: '2021-01-01T23:30:00.000Z', bpm: 70, source: 'awake' };
  const of = await tables([...person, answer('heartrate'), fetched('heartrate', { data: [evening] })]);
  expect(await of.query(`select at_utc, value, offset_s, raw_pointer from samples order by at_utc`)).toEqual([
    { at_utc: '2021-01-01T01:02:03.000Z', value: 60, offset_s: 3600, raw_pointer: '/data/0/bpm' },
    { at_utc: '2021-01-01T23:30:00.000Z', value: 70, offset_s: 3600, raw_pointer: '/data/0/bpm' },
  ]);
  // 23:30 in UTC is half past midnight in Paris
  expect(await daily(of, 'heart_rate_bpm')).toEqual({ '2021-01-01': 60, '2021-01-02': 70 });
});
