import { describe, expect, test } from 'vitest';
import {
  apart,
  apple,
  at,
  connectionFact,
  daily,
  diary,
  garmin,
  person,
  refused,
  tables,
  userFact,
} from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const watchDay = (fields: object) =>
  garmin(
    'dailies',
    [
      {
        calendarDate: DAY,
        startTimeInSeconds: at('2026-11-09T23:00:00Z'),
        startTimeOffsetInSeconds: 3600,
        durationInSeconds: 86400,
        ...fields,
      },
    ],
    RECEIVED,
  );
/** A push that names nobody. */
const sent = (type: string, data: unknown) => ({ provider: 'garmin', type, data, receivedAt: RECEIVED });
const weight = (qty: unknown, units: string, date = `${DAY} 07:30:10 +0100`) =>
  apple('weight_body_mass', units, [{ date, qty, source: 'iPhone' }], RECEIVED);

describe('a value that cannot be', () => {
  test('is quarantined with its place and text, while its neighbours pass', async () => {
    const of = await tables([...person(), watchDay({ steps: 200001, floorsClimbed: 8 })]);
    expect(await of.query('select rule, pointer, text, provider, user_id, released_at from quarantine')).toEqual([
      {
        rule: 'out_of_range',
        pointer: '/dailies/0/steps',
        text: '200001',
        provider: 'garmin',
        user_id: 'u_a',
        released_at: null,
      },
    ]);
    expect(await daily(of, 'floors_climbed')).toEqual({ [DAY]: 8 });
    expect(await daily(of, 'steps')).toEqual({});
  });

  test('passes at the ends of its range and not beyond them', async () => {
    const of = await tables(apart([weight(2, 'kg'), weight(1.99, 'kg'), weight(400, 'kg'), weight(400.01, 'kg')]));
    expect(await of.query('select user_id, rule, pointer from quarantine order by user_id')).toEqual([
      { user_id: 'u_1', rule: 'out_of_range', pointer: '/data/metrics/0/data/0/qty' },
      { user_id: 'u_3', rule: 'out_of_range', pointer: '/data/metrics/0/data/0/qty' },
    ]);
  });

  test('leaves the quarantine when a newer version is right', async () => {
    const later = { ...watchDay({ steps: 20000 }), receivedAt: '2026-11-12T08:00:00Z' };
    const of = await tables([...person(), watchDay({ steps: 200001 }), later]);
    expect(await refused(of)).toEqual([]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 20000 });
  });

  test('a text where a number should be is refused, a thousands separator is read, a blank is missing', async () => {
    const of = await tables([
      ...person(),
      diary(
        [
          { Date: DAY, Meal: 'Lunch', Calories: '1,050', 'Protein (g)': '', 'Fat (g)': '0' },
          { Date: DAY, Meal: 'Dinner', Calories: '1,5', 'Protein (g)': '', 'Fat (g)': '12' },
        ],
        RECEIVED,
      ),
    ]);
    expect(await daily(of, 'diet_energy_kcal')).toEqual({ [DAY]: 1050 });
    expect(await daily(of, 'diet_protein_g')).toEqual({});
    expect(await daily(of, 'diet_fat_g')).toEqual({ [DAY]: 12 });
    expect(await refused(of)).toEqual(['not_a_number /rows/1/Calories']);
  });

  test('a reading of a series outside its range is refused alone', async () => {
    const of = await tables([...person(), watchDay({ timeOffsetHeartRateSamples: { '0': 60, '15': 251 } })]);
    expect(await refused(of)).toEqual(['out_of_range /dailies/0/timeOffsetHeartRateSamples/15']);
    expect(await daily(of, 'heart_rate_bpm')).toEqual({ [DAY]: 60 });
  });

  test('Garmin’s code for no stress is no value and no refusal', async () => {
    const of = await tables([...person(), watchDay({ averageStressLevel: -1 })]);
    expect(await daily(of, 'stress_0_100')).toEqual({});
    expect(await refused(of)).toEqual([]);
  });
});

describe('units', () => {
  const units = [
    ['blood_glucose', 'mmol/L', 5, 'glucose_mg_dl', 90.091], // x 18.0182
    ['blood_glucose', 'mmol<180.15588000005408>/L', 5, 'glucose_mg_dl', 90.091],
    ['walking_running_distance', 'km', 5, 'distance_m', 5000],
    ['walking_running_distance', 'mi', 3.28783, 'distance_m', 5291.2495], // x 1609.344 = 5291.24948…
    ['apple_sleeping_wrist_temperature', 'degF', 95.17, 'skin_temperature_c', 35.0944], // (95.17 - 32) x 5 / 9 = 35.09444…
    ['weight_body_mass', 'lb', 200, 'weight_kg', 90.718474], // x 0.45359237
    ['apple_exercise_time', 'min', 30, 'exercise_time_s', 1800], // once
    ['dietary_water', 'mL', 500, 'water_intake_ml', 500],
  ] as const;

  test('are converted by what the payload says, never by the name of the metric', async () => {
    const rows = units.map(([name, unit, qty]) =>
      apple(name, unit, [{ date: `${DAY} 00:00:00 +0100`, qty }], RECEIVED, 'Days'),
    );
    const of = await tables(apart(rows));
    const found = await of.query('select user_id, metric, value from daily_metrics order by user_id');
    expect(found.map((row) => row['metric'])).toEqual(units.map(([, , , metric]) => metric));
    units.forEach(([, , , , value], index) => expect(found[index]?.['value']).toBeCloseTo(value, 4));
  });

  test('water adds up and is not averaged', async () => {
    const rows = [8, 12].map((h) => ({ date: `${DAY} ${String(h).padStart(2, '0')}:10:05 +0100`, qty: 250 }));
    expect(
      await daily(await tables([...person(), apple('dietary_water', 'mL', rows, RECEIVED)]), 'water_intake_ml'),
    ).toEqual({ [DAY]: 500 });
  });

  test('an unknown unit of a known metric is refused, an unknown metric is counted', async () => {
    const of = await tables([
      ...person(),
      weight(80, '公斤'),
      apple('time_in_daylight', 'min', [{ date: DAY, qty: 5 }], RECEIVED),
    ]);
    expect(await refused(of)).toEqual(['unknown_unit /data/metrics/0/data/0/qty']);
    expect(await of.query(`select sum(n_ignored) as n from raw_objects`)).toEqual([{ n: 1 }]);
  });

  test('a fraction where percent should be is not guessed at', async () => {
    const of = await tables([
      ...person(),
      apple('blood_oxygen_saturation', '%', [{ date: `${DAY} 07:30:10 +0100`, qty: 0.97 }], RECEIVED),
    ]);
    expect(await refused(of)).toEqual(['out_of_range /data/metrics/0/data/0/qty']);
  });

  test('HRV of Apple is SDNN and never RMSSD', async () => {
    const of = await tables([
      ...person(),
      apple('heart_rate_variability', 'ms', [{ date: `${DAY} 07:30:10 +0100`, qty: 55 }], RECEIVED),
    ]);
    expect(await daily(of, 'hrv_sdnn_ms')).toEqual({ [DAY]: 55 });
    expect(await daily(of, 'hrv_rmssd_ms')).toEqual({});
  });
});

describe('a time that cannot be', () => {
  test('is one before 1970-01-02, one more than 48 h ahead, or none at all', async () => {
    const dates = [
      '1970-01-01 10:00:00 +0000',
      '1970-01-02 10:00:00 +0000',
      '2026-11-13 07:00:00 +0000', // 47 h after it was received
      '2026-11-13 09:00:00 +0000', // 49 h
      'yesterday',
    ];
    const of = await tables(apart(dates.map((date) => weight(80, 'kg', date))));
    expect(await of.query('select user_id, rule, pointer from quarantine order by user_id')).toEqual(
      ['u_0', 'u_3', 'u_4'].map((user_id) => ({
        user_id,
        rule: 'implausible_time',
        pointer: '/data/metrics/0/data/0',
      })),
    );
    expect(await of.query('select user_id from observations order by user_id')).toEqual([
      { user_id: 'u_1' },
      { user_id: 'u_2' },
    ]);
  });

  test('a sleep of more than 48 hours is one refusal, not one a value', async () => {
    const record = {
      startTimeInSeconds: at('2026-11-07T00:00:00Z'),
      startTimeOffsetInSeconds: 0,
      durationInSeconds: 172801,
      remSleepInSeconds: 60,
    };
    const of = await tables([...person(), garmin('sleeps', [record], RECEIVED)]);
    expect(await refused(of)).toEqual(['implausible_time /sleeps/0']);
    expect(await of.query('select * from sleep_sessions')).toEqual([]);
  });
});

describe('an object', () => {
  test('without the fields of its identity is refused by record', async () => {
    const of = await tables([...person(), garmin('epochs', [{ steps: 5 }], RECEIVED)]);
    expect(await refused(of)).toEqual(['missing_field /epochs/0']);
  });

  test('of a type nobody reads is refused as no_reader, of nobody as no_account', async () => {
    const nobody = { provider: 'garmin', type: 'dailies', data: { dailies: [{ steps: 1 }] }, receivedAt: RECEIVED };
    const of = await tables([...person(), garmin('hrv', [{ lastNightAvg: 44 }], RECEIVED), nobody]);
    expect(await of.query('select rule, type from quarantine order by rule')).toEqual([
      { rule: 'no_account', type: 'garmin.dailies' },
      { rule: 'no_reader', type: 'garmin.hrv' },
    ]);
  });

  test('with nothing in it is simply processed', async () => {
    const of = await tables([...person(), garmin('dailies', [], RECEIVED)]);
    expect(await of.query(`select state, n_records from raw_objects where provider = 'garmin'`)).toEqual([
      { state: 'processed', n_records: 0 },
    ]);
    expect(await refused(of)).toEqual([]);
  });

  test('that names nobody because there is nobody in it is processed, whatever its type', async () => {
    const of = await tables([
      ...person(),
      sent('dailies', { dailies: [] }),
      sent('ping', {}),
      sent('other', []),
      sent('dailies', { dailies: [], epochs: null }),
    ]);
    expect(
      await of.query(`select distinct state, n_records, account from raw_objects where provider = 'garmin'`),
    ).toEqual([{ state: 'processed', n_records: 0, account: 'a_unknown' }]);
    expect(await refused(of)).toEqual([]);
  });

  test('that names nobody is refused for its first element, be that empty', async () => {
    const bodies = [{ dailies: [{}] }, { dailies: [null] }, { dailies: [], epochs: [{ steps: 1 }] }, { dailies: 5 }];
    const of = await tables([...person(), ...bodies.map((data) => sent('dailies', data))]);
    expect(await of.query('select rule, count(*) as n from quarantine group by rule')).toEqual([
      { rule: 'no_account', n: bodies.length },
    ]);
    expect(await of.query(`select distinct state from raw_objects where provider = 'garmin'`)).toEqual([
      { state: 'refused' },
    ]);
  });

  test('of an account nobody connected waits, and nobody else’s tables change', async () => {
    const of = await tables([
      userFact('u_a'),
      connectionFact('u_a', 'garmin', 'g'),
      watchDay({ steps: 100 }),
      { ...watchDay({ steps: 7 }), externalId: 'stranger' },
    ]);
    expect(await of.query('select user_id, value from daily_metrics')).toEqual([{ user_id: 'u_a', value: 100 }]);
    expect(await of.query(`select state from raw_objects where provider = 'garmin' order by state`)).toEqual([
      { state: 'processed' },
      { state: 'unclaimed' },
    ]);
    expect(await refused(of)).toEqual([]);
  });
});
