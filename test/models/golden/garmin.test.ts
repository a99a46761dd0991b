import { beforeAll, describe, expect, test } from 'vitest';
import type { Tables } from '../../support/transform.ts';
import { connectionFact, dayOf, garmin, daily, recorded, tables, userFact } from '../deliveries.ts';

const FIRST = 'd3315b1072421d0dd7c8f6b8e1de4df8';
const SECOND = '4aacafe82427c251df9c9592d0c06768';
const RECEIVED = '2026-11-20T10:00:00Z';

const people = [
  userFact('u_a', { zone: 'Europe/Paris' }),
  connectionFact('u_a', 'garmin', FIRST),
  userFact('u_b', { zone: 'Europe/Paris' }),
  connectionFact('u_b', 'garmin', SECOND),
];

async function both(name: string, type: string): Promise<Tables> {
  return tables([...people, recorded(name, type, FIRST, RECEIVED), recorded(name, type, SECOND, RECEIVED)]);
}

async function values(of: Tables, user: string): Promise<Record<string, unknown>> {
  const rows = await of.query(
    `select metric, cast(local_date as varchar) as day, value from daily_metrics where user_id = '${user}' order by metric`,
  );
  return Object.fromEntries(rows.map((row) => [`${String(row['day'])} ${String(row['metric'])}`, row['value']]));
}

describe('spec-push-dailies-two-users.json (Health API specification 1.2.2, 7.1)', () => {
  let of: Tables;
  beforeAll(async () => {
    of = await both('spec-push-dailies-two-users.json', 'dailies');
  });

  test('the first daily gives its calendarDate and its own figures', async () => {
    const day = '2016-01-11'; // calendarDate, cut as text
    expect(await values(of, 'u_a')).toEqual({
      [`${day} active_time_s`]: 12240,
      [`${day} distance_m`]: 3146.5,
      [`${day} energy_active_kcal`]: 321,
      [`${day} energy_basal_kcal`]: 1731,
      [`${day} energy_total_kcal`]: 2052, // 321 + 1731: active leaves basal out
      [`${day} floors_climbed`]: 8,
      // eight samples: 75 75 76 65 65 73 74 74 = 577; 577 / 8; the rolling average of 64 is not the day's
      [`${day} heart_rate_bpm`]: 72.125,
      [`${day} heart_rate_max_24h_bpm`]: 112,
      [`${day} intensity_moderate_s`]: 81870,
      [`${day} intensity_vigorous_s`]: 4530,
      [`${day} steps`]: 4210,
      [`${day} stress_0_100`]: 43,
      [`${day} wheelchair_pushes`]: 10,
    });
  });

  test('the second, without calendarDate, belongs to the day its start and offset say', async () => {
    // 1452556800 = 2016-01-12T00:00:00Z, + 3600 is 01:00 on the 12th; samples 77 72 71 67 62 65 71 81 = 566; / 8 = 70.75
    const found = await values(of, 'u_b');
    expect(found['2016-01-12 steps']).toBe(3305);
    expect(found['2016-01-12 heart_rate_bpm']).toBe(70.75);
    expect(found['2016-01-12 resting_heart_rate_bpm']).toBe(64);
    expect(found['2016-01-12 energy_total_kcal']).toBe(1529); // 304 + 1225
  });

  test('a value leads to its own place', async () => {
    const [row] = await of.query(`select raw_pointer from observations where user_id = 'u_a' and metric = 'steps'`);
    expect(row).toEqual({ raw_pointer: '/dailies/0/steps' });
    const [sample] = await of.query(
      `select value, raw_pointer from samples where user_id = 'u_a' order by at_utc limit 1`,
    );
    // key "15": 75, at 1452470400 + 15
    expect(sample).toEqual({ value: 75, raw_pointer: '/dailies/0/timeOffsetHeartRateSamples/15' });
  });

  test('a daily as long as its day is final at the day’s end', async () => {
    // 86400 s; the day in Paris ends at 2016-01-11T23:00Z
    expect(await dayOf(of, 'steps', '2016-01-11')).toMatchObject({ final_at: '2016-01-11T23:00:00.000Z' });
  });
});

test('spec-push-epochs.json: epochs of one slot add up, on the local day', async () => {
  const of = await both('spec-push-epochs.json', 'epochs');
  // 1454418900 = 2016-02-02T13:15Z: steps 0 + 427, metres 0 + 222.07, kcal 0 + 257
  expect(await values(of, 'u_a')).toEqual({
    '2016-02-02 steps': 427,
    '2016-02-02 distance_m': 222.07,
    '2016-02-02 energy_active_kcal': 257,
  });
  // 1519679700 = 2018-02-26T21:15Z, - 21600 is 15:15 on the 26th
  expect(await values(of, 'u_b')).toEqual({
    '2018-02-26 steps': 93,
    '2018-02-26 distance_m': 49.11,
    '2018-02-26 energy_active_kcal': 24,
  });
});

describe('spec-push-sleeps.json (7.3)', () => {
  let of: Tables;
  beforeAll(async () => {
    of = await both('spec-push-sleeps.json', 'sleeps');
  });

  test('a night ends with its last stage, and its duration is time asleep', async () => {
    const rows = await of.query(
      `select user_id, cast(local_date as varchar) as day, start_utc, end_utc, asleep_s, deep_s, light_s, rem_s, awake_s, is_main, is_nap
       from sleep_sessions order by user_id, start_utc`,
    );
    expect(rows).toEqual([
      {
        user_id: 'u_a',
        day: '2016-01-10', // calendarDate
        start_utc: '2016-01-10T09:53:01.000Z', // 1452419581
        end_utc: '2016-01-11T03:51:06.000Z', // light ends last, at 1452484266
        asleep_s: 15264,
        deep_s: 11231,
        light_s: 3541,
        rem_s: 0, // a zero is a value
        awake_s: 492,
        is_main: true,
        is_nap: false,
      },
      {
        user_id: 'u_b',
        day: '2016-01-11', // no calendarDate: 1452484266 + 7200 is 05:51 on the 11th
        start_utc: '2016-01-10T23:11:33.000Z', // 1452467493
        end_utc: '2016-01-11T03:51:06.000Z', // light 1452484266 is later than REM 1452479082
        asleep_s: 11900,
        deep_s: 9446,
        light_s: 0,
        rem_s: 2142,
        awake_s: 312,
        is_main: true,
        is_nap: false,
      },
      {
        user_id: 'u_b',
        day: '2023-08-01', // the nap's own: 1690917300 - 18000 is 14:15 on the 1st
        start_utc: '2023-08-01T19:05:00.000Z', // napStartTimeInSeconds 1690916700
        end_utc: '2023-08-01T19:15:00.000Z', // + 600 s
        asleep_s: 600, // napDurationInSeconds
        deep_s: null,
        light_s: null,
        rem_s: null,
        awake_s: null,
        is_main: false,
        is_nap: true,
      },
    ]);
  });

  test('a nap leads to its place in the night’s summary, and says nothing of a night', async () => {
    expect(
      await of.query('select raw_pointer, offset_s, device, source_type from sleep_sessions where is_nap'),
    ).toEqual([{ raw_pointer: '/sleeps/0/naps/0', offset_s: -18000, device: null, source_type: 'watch' }]);
    // 11900 of u_b's night alone; nothing on the day of the nap
    expect(await daily(of, 'sleep_total_s')).toEqual({ '2016-01-10': 15264, '2016-01-11': 11900 });
  });

  test('the score of 87 stays a score of Garmin', async () => {
    expect(await of.query('select name, value, scale_min, scale_max, raw_pointer from scores')).toEqual([
      {
        name: 'garmin.sleep_score',
        value: 87,
        scale_min: 0,
        scale_max: 100,
        raw_pointer: '/sleeps/0/overallSleepScore/value',
      },
    ]);
  });

  test('a watch off the wrist slept nothing, and that is counted', async () => {
    expect(await of.query(`select count(*) as n from sleep_sessions where local_date = date '2021-01-29'`)).toEqual([
      { n: 0 },
    ]);
    const [row] = await of.query(
      `select n_records, n_ignored from raw_objects where type = 'garmin.sleeps' and user_id = 'u_a'`,
    );
    expect(row).toEqual({ n_records: 2, n_ignored: 1 });
  });
});

test('spec-push-mixed-body-vitals.json, bodyComps: grams in kilograms, water from percent and weight', async () => {
  const of = await both('spec-push-mixed-body-vitals.json', 'bodyComps');
  // 1439741130 = 2015-08-16T16:05:30Z, offset 0
  expect(await values(of, 'u_a')).toEqual({
    '2015-08-16 weight_kg': 75.45,
    '2015-08-16 muscle_mass_kg': 25.478,
    '2015-08-16 bone_mass_kg': 2.437,
    '2015-08-16 body_fat_pct': 17.1,
    '2015-08-16 body_water_kg': 44.8173, // 59.4 % of 75.45
    '2015-08-16 bmi_kg_m2': 23.2,
  });
  // 1439784330 is twelve hours later, on the 17th; time and weight alone is an entry by hand
  expect(await values(of, 'u_b')).toEqual({ '2015-08-17 weight_kg': 75.173 });
  expect(await of.query(`select distinct user_id, source_type from observations order by user_id`)).toEqual([
    { user_id: 'u_a', source_type: 'scale' },
    { user_id: 'u_b', source_type: 'manual' },
  ]);
});

test('an activity keeps its figures, and its energy holds the basal part and adds nothing to the day', async () => {
  // values of the Activity API specification 1.2.3, 7.1, where no sample of this type was published
  const activity = {
    summaryId: 'EXAMPLE_12345',
    activityId: 5001968355,
    activityType: 'RUNNING',
    startTimeInSeconds: 1452470400,
    startTimeOffsetInSeconds: 0,
    durationInSeconds: 1789,
    distanceInMeters: 1976.83,
    activeKilocalories: 448,
    averageHeartRateInBeatsPerMinute: 144,
    maxHeartRateInBeatsPerMinute: 159,
    totalElevationGainInMeters: 16,
    deviceName: 'Forerunner 945',
  };
  const of = await tables([...people, garmin('activities', [activity], RECEIVED, FIRST)]);
  expect(
    await of.query(
      `select sport, sport_raw, start_utc, end_utc, cast(local_date as varchar) as day, elapsed_s, moving_s, distance_m, energy_active_kcal,
         energy_includes_basal, hr_avg_bpm, hr_max_bpm, elevation_gain_m, device, provider_record_id from workouts`,
    ),
  ).toEqual([
    {
      sport: 'running',
      sport_raw: 'RUNNING',
      start_utc: '2016-01-11T00:00:00.000Z',
      end_utc: '2016-01-11T00:29:49.000Z', // + 1789 s
      day: '2016-01-11',
      elapsed_s: 1789,
      moving_s: null, // Garmin does not say that it is moving time
      distance_m: 1976.83,
      energy_active_kcal: 448,
      energy_includes_basal: true,
      hr_avg_bpm: 144,
      hr_max_bpm: 159,
      elevation_gain_m: 16,
      device: 'Forerunner 945',
      provider_record_id: '5001968355',
    },
  ]);
  expect(await daily(of, 'energy_active_kcal')).toEqual({});
});
