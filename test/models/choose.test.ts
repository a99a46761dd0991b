import { describe, expect, test } from 'vitest';
import { apple, at, daily, dayOf, garmin, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const watchDay = (fields: object, durationInSeconds = 86400) =>
  garmin(
    'dailies',
    [
      {
        calendarDate: DAY,
        startTimeInSeconds: at('2026-11-09T23:00:00Z'),
        startTimeOffsetInSeconds: 3600,
        durationInSeconds,
        ...fields,
      },
    ],
    RECEIVED,
  );

const weigh = (iso: string, weightInGrams: number) => ({
  measurementTimeInSeconds: at(iso),
  measurementTimeOffsetInSeconds: 3600,
  weightInGrams,
});
const stage = (startDate: string, endDate: string, value: string, qty: number) => ({
  startDate,
  endDate,
  value,
  qty,
  date: null,
  source: 'Watch',
});
describe('what is chosen', () => {
  test('basal energy comes from one source, and total energy from active and basal of the same', async () => {
    const basal = apple(
      'basal_energy_burned',
      'kcal',
      [{ date: `${DAY} 00:00:00 +0100`, qty: 1700, source: 'iPhone' }],
      RECEIVED,
      'Days',
    );
    const of = await tables([...person(), watchDay({ activeKilocalories: 503, bmrKilocalories: 1825 }), basal]);
    expect(await daily(of, 'energy_basal_kcal')).toEqual({ [DAY]: 1825 });
    expect(await daily(of, 'energy_total_kcal')).toEqual({ [DAY]: 2328 });
    expect(await daily(of, 'energy_active_kcal')).toEqual({ [DAY]: 503 }); // never the total
  });

  test('samples and a daily average are never mixed, and an average is no minimum', async () => {
    const fields = {
      averageHeartRateInBeatsPerMinute: 90,
      minHeartRateInBeatsPerMinute: 40,
      maxHeartRateInBeatsPerMinute: 160,
    };
    const alone = await tables([...person(), watchDay(fields)]);
    expect(await dayOf(alone, 'heart_rate_bpm', DAY)).toMatchObject({ value: 90, value_min: 40, value_max: 160 });
    const sampled = await tables([
      ...person(),
      watchDay({ ...fields, timeOffsetHeartRateSamples: { '0': 60, '15': 70 } }),
    ]);
    expect(await dayOf(sampled, 'heart_rate_bpm', DAY)).toMatchObject({
      value: 65,
      value_min: 60,
      value_max: 70,
      n_observations: 2,
    });
  });

  test('the weight of a day is its last, the first stands beside it', async () => {
    const of = await tables([
      ...person(),
      garmin('bodyComps', [weigh('2026-11-10T18:00:00Z', 80600), weigh('2026-11-10T06:00:00Z', 80200)], RECEIVED),
    ]);
    expect(await dayOf(of, 'weight_kg', DAY)).toMatchObject({ value: 80.6, value_first: 80.2, value_last: 80.6 });
  });

  test('body mass index is worked out from a height known by that day', async () => {
    const height = apple(
      'height',
      'cm',
      [{ date: '2026-11-01 08:00:00 +0100', qty: 200, source: 'iPhone' }],
      '2026-11-02T08:00:00Z',
    );
    const weight = apple(
      'weight_body_mass',
      'lb',
      [{ date: `${DAY} 07:30:10 +0100`, qty: 200, source: 'iPhone' }],
      RECEIVED,
    );
    const of = await tables([...person(), height, weight]);
    const kg = 90.718474; // 200 x 0.45359237
    expect((await daily(of, 'weight_kg'))[DAY]).toBeCloseTo(kg, 9);
    expect((await daily(of, 'bmi_kg_m2'))[DAY]).toBeCloseTo(kg / 4, 9);
  });

  test('a better source’s record of the same night is the main one', async () => {
    const watch = garmin(
      'sleeps',
      [{ startTimeInSeconds: at('2026-11-09T22:30:00Z'), startTimeOffsetInSeconds: 3600, durationInSeconds: 24000 }],
      RECEIVED,
    );
    const app = apple(
      'sleep_analysis',
      'hr',
      [
        {
          date: DAY,
          sleepStart: '2026-11-09 23:00:00 +0100',
          sleepEnd: `${DAY} 06:30:00 +0100`,
          totalSleep: 7.5,
          source: 'iPhone',
        },
      ],
      RECEIVED,
    );
    const of = await tables([...person(), watch, app]);
    expect(await of.query('select provider, is_main from sleep_sessions order by provider')).toEqual([
      { provider: 'apple', is_main: false },
      { provider: 'garmin', is_main: true },
    ]);
    expect(await dayOf(of, 'sleep_total_s', DAY)).toMatchObject({
      value: 24000,
      alternatives: '[{"source":"garmin","value":24000},{"source":"apple","value":27000}]',
    });
  });

  test('stages of two nights are two sessions, and the app’s own summary takes their place', async () => {
    const stages = apple(
      'sleep_analysis',
      'hr',
      [
        stage('2026-11-09 23:00:00 +0100', `${DAY} 03:00:00 +0100`, 'Core', 4),
        stage(`${DAY} 03:00:00 +0100`, `${DAY} 03:30:00 +0100`, 'Awake', 0.5),
        stage(`${DAY} 03:30:00 +0100`, `${DAY} 05:00:00 +0100`, 'Deep', 1.5),
        stage('2026-11-09 22:30:00 +0100', `${DAY} 06:00:00 +0100`, 'In Bed', 7.5),
        stage(`${DAY} 14:00:00 +0100`, `${DAY} 14:30:00 +0100`, 'REM', 0.5),
      ],
      RECEIVED,
    );
    const before = await tables([...person(), stages]);
    const shown = 'select asleep_s, light_s, deep_s, awake_s, in_bed_s, is_main from sleep_sessions order by start_utc';
    expect(await before.query(shown)).toEqual([
      { asleep_s: 19800, light_s: 14400, deep_s: 5400, awake_s: 1800, in_bed_s: 27000, is_main: true },
      { asleep_s: 1800, light_s: null, deep_s: null, awake_s: null, in_bed_s: null, is_main: false },
    ]);
    const summary = apple(
      'sleep_analysis',
      'hr',
      [
        {
          date: DAY,
          sleepStart: '2026-11-09 23:00:00 +0100',
          sleepEnd: `${DAY} 05:00:00 +0100`,
          totalSleep: 5.4,
          source: 'Watch',
        },
      ],
      '2026-11-11T09:00:00Z',
    );
    const after = await tables([...person(), stages, summary]);
    expect((await after.query(shown)).map((row) => row['asleep_s'])).toEqual([19440, 1800]); // 5.4 h
  });
});
