import { expect, test } from 'vitest';
import { fixture } from '../../support/fixture.ts';
import { connectionFact, daily, refused, tables, userFact, type Tables } from '../deliveries.ts';

const RECEIVED = '2026-11-20T10:00:00Z';

/** The tables of one person with one saved answer. */
const of = (name: string, type: string, zone = 'Europe/Amsterdam'): Promise<Tables> =>
  tables([
    userFact('u_a', { zone }),
    connectionFact('u_a', 'withings', 'w'),
    {
      provider: 'withings',
      externalId: 'w',
      type,
      data: fixture(`withings/${name}.json`),
      receivedAt: RECEIVED,
      receiver: 'fetch',
    },
  ]);

test('aiowithings-activity.json: days another app counted are an app’s, on the date they name', async () => {
  const made = await of('aiowithings-activity', 'getactivity');
  const rows = await made.query(
    `select metric, stat, value from observations where local_date = date '2023-10-20' order by metric, stat`,
  );
  expect(rows.map(({ metric, stat, value }) => `${String(metric)} ${String(stat)} ${String(value)}`)).toEqual([
    'active_time_s sum 292',
    'distance_m sum 1028.559',
    'energy_active_kcal sum 85.497',
    'energy_total_kcal sum 2303.788',
    'floors_climbed sum 0', // a zero is a value
    'heart_rate_bpm avg 80',
    'heart_rate_bpm max 80',
    'heart_rate_bpm min 70',
    'heart_rate_max_24h_bpm max 80',
    'intensity_moderate_s sum 292',
    'intensity_vigorous_s sum 0',
    'steps sum 1209',
  ]);
  expect(await daily(made, 'steps')).toEqual({ '2023-10-20': 1209, '2023-10-21': 1155 });
  expect(await daily(made, 'intensity_vigorous_s')).toEqual({ '2023-10-20': 0, '2023-10-21': 420 });
  expect(
    await made.query('select distinct source_type, device, offset_s, start_utc from observations order by start_utc'),
  ).toEqual([
    // midnight in Amsterdam, two hours ahead in October
    { source_type: 'app', device: 'GoogleFit tracker', offset_s: 7200, start_utc: '2023-10-19T22:00:00.000Z' },
    { source_type: 'app', device: 'GoogleFit tracker', offset_s: 7200, start_utc: '2023-10-20T22:00:00.000Z' },
  ]);
});

test('captured-measurev2-getactivity-0-nodata.json: an empty page is processed and holds nothing', async () => {
  const made = await of('captured-measurev2-getactivity-0-nodata', 'getactivity');
  expect(await made.query(`select state, n_records from raw_objects where provider = 'withings'`)).toEqual([
    { state: 'processed', n_records: 0 },
  ]);
  expect(await refused(made)).toEqual([]);
});

const at = (field: string) => `/body/series/1670945820/${field}`;

test('captured-measurev2-getintradayactivity-0.json: a slot of a minute, by the second it began', async () => {
  const made = await of('captured-measurev2-getintradayactivity-0', 'getintradayactivity', 'Europe/Oslo');
  const rows = await made.query(
    'select metric, value, kind, start_utc, end_utc, source_type, device, raw_pointer from observations order by metric',
  );
  const slot = {
    kind: 'interval',
    start_utc: '2022-12-13T15:37:00.000Z', // 1670945820
    end_utc: '2022-12-13T15:38:00.000Z', // + 60 s
    source_type: 'app', // no deviceid
    device: 'Samsung Health tracker',
  };
  expect(rows).toEqual([
    { metric: 'distance_m', value: 9.364, ...slot, raw_pointer: at('distance') },
    { metric: 'energy_active_kcal', value: 1.849, ...slot, raw_pointer: at('calories') },
    { metric: 'floors_climbed', value: 0, ...slot, raw_pointer: at('elevation') },
    { metric: 'steps', value: 13, ...slot, raw_pointer: at('steps') },
  ]);
  expect(await daily(made, 'steps')).toEqual({ '2022-12-13': 13 });
});

test('aiowithings-workouts.json: ten walks of eleven rows, a heart rate of 0 being none', async () => {
  const made = await of('aiowithings-workouts', 'getworkouts', 'UTC');
  const rows = await made.query(
    `select provider_record_id as id, sport, start_utc, end_utc, offset_s, cast(local_date as varchar) as day, elapsed_s, distance_m,
       energy_active_kcal, energy_includes_basal, hr_avg_bpm, hr_max_bpm, elevation_gain_m from workouts order by start_utc`,
  );
  expect(rows).toHaveLength(10); // 3752609174 stands there twice
  expect(rows[1]).toEqual({
    id: '3661300277',
    sport: 'walking', // category 1
    start_utc: '2023-08-29T19:06:51.000Z', // 1693336011
    end_utc: '2023-08-29T19:15:13.000Z', // 1693336513
    offset_s: 7200, // the row's own zone, Europe/Amsterdam
    day: '2023-08-29',
    elapsed_s: 502, // 1693336513 - 1693336011
    distance_m: 680, // not the 60 typed in
    energy_active_kcal: 47, // not the 70
    energy_includes_basal: false,
    hr_avg_bpm: 80,
    hr_max_bpm: 80,
    elevation_gain_m: null, // elevation is floors
  });
  expect(rows[0]).toMatchObject({ id: '3661300269', distance_m: 1294, hr_avg_bpm: null, hr_max_bpm: null });
  expect(rows[2]).toMatchObject({
    id: '3661300290',
    distance_m: null,
    energy_active_kcal: null,
    energy_includes_basal: null,
  });
  expect(await daily(made, 'energy_active_kcal')).toEqual({});
  expect(await refused(made)).toEqual([]);
  // 1695425635 = 2023-09-22T23:33:55Z is the 23rd in the row's date
  expect(rows.find(({ id }) => id === '3743596080')).toMatchObject({ day: '2023-09-23' });
});

test('aiowithings-sleep_summary-trimmed.json: nine nights of twelve rows, each with its own waking day', async () => {
  const made = await of('aiowithings-sleep_summary-trimmed', 'sleep-getsummary', 'Europe/Paris');
  const rows = await made.query(
    `select start_utc, end_utc, offset_s, cast(local_date as varchar) as day, asleep_s, in_bed_s, deep_s, light_s, rem_s, awake_s, latency_s,
       efficiency_pct, hr_avg_bpm, hr_lowest_bpm, respiratory_rate_brpm, hrv_rmssd_ms, is_main, source_type, quality
     from sleep_sessions order by start_utc`,
  );
  expect(rows).toHaveLength(9); // rows 0, 1 and 2 stand there again as 7, 10 and 11
  expect(rows[2]).toEqual({
    start_utc: '2021-04-11T20:30:11.000Z', // row 3: 1618173011
    end_utc: '2021-04-12T04:51:47.000Z', // 1618203107
    offset_s: 7200,
    day: '2021-04-12',
    asleep_s: 26040, // 20280 + 2700 + 3060
    in_bed_s: null, // not in this answer
    deep_s: 2700,
    light_s: 20280,
    rem_s: 3060,
    awake_s: 3360, // wakeupduration, not waso 2616
    latency_s: 1380,
    efficiency_pct: 89, // 0.89
    hr_avg_bpm: 102,
    hr_lowest_bpm: 70,
    respiratory_rate_brpm: 13,
    hrv_rmssd_ms: null,
    is_main: true,
    source_type: 'unknown', // model 32 lies under the mattress
    quality: 'ok',
  });
  expect(await daily(made, 'apnea_hypopnea_index')).toMatchObject({ '2021-04-12': 11, '2021-04-07': 22 });
  expect(
    await made.query(`select value, scale_max, raw_pointer from scores where local_date = date '2021-04-12'`),
  ).toEqual([{ value: 74, scale_max: 100, raw_pointer: '/body/series/3/data/sleep_score' }]);
  expect(await refused(made)).toEqual([]);
});

test('shimmer-sleep-summary.json: a watch that gives no total slept the sum of its stages', async () => {
  const made = await of('shimmer-sleep-summary', 'sleep-getsummary', 'Europe/London');
  expect(
    await made.query(
      `select cast(local_date as varchar) as day, asleep_s, light_s, deep_s, rem_s, awake_s, latency_s, efficiency_pct, source_type
       from sleep_sessions order by day`,
    ),
  ).toEqual([
    // 3360 + 7800; durationtosleep 240
    {
      day: '2017-09-02',
      asleep_s: 11160,
      light_s: 3360,
      deep_s: 7800,
      rem_s: null,
      awake_s: 0,
      latency_s: 240,
      efficiency_pct: null,
      source_type: 'watch',
    },
    // 15900 + 13800
    {
      day: '2017-09-04',
      asleep_s: 29700,
      light_s: 15900,
      deep_s: 13800,
      rem_s: null,
      awake_s: 2700,
      latency_s: 0,
      efficiency_pct: null,
      source_type: 'watch',
    },
  ]);
  expect(await daily(made, 'wakeups')).toEqual({ '2017-09-02': 4, '2017-09-04': 0 });
  expect(await made.query('select * from scores')).toEqual([]);
});
