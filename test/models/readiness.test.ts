import { describe, expect, test } from 'vitest';
import { before, inTurn, over, type DayValue } from './over.ts';

const DAY = '2026-03-04';
const YESTERDAY = '2026-03-03';

const on = (metric: string, value: number, day = DAY): DayValue => ({ day, metric, value });

// Sixteen days, eight on either side of the middle by d, and the middle itself: sd = sqrt(16 d² / 16) = d exactly.
const level = (metric: string, middle: number, d: number, day = DAY): DayValue[] =>
  before(day, metric, [...inTurn(16, middle - d, middle + d), middle]);

const SLEEP = level('sleep_total_s', 27_000, 1800);
const HRV = level('hrv_rmssd_ms', 50, 4);
const PULSE = level('resting_heart_rate_bpm', 55, 2);
const LOAD = level('energy_active_kcal', 500, 100, YESTERDAY);
const BASE = [...SLEEP, ...HRV, ...PULSE, ...LOAD];

const SLEPT = on('sleep_total_s', 28_800); // + 1 sd: 50 + 25 = 75
const VARIED = on('hrv_rmssd_ms', 46); // - 1 sd: 25
const RESTED = on('resting_heart_rate_bpm', 56); // + 0.5 sd, less is better: 50 - 12.5 = 37.5, rounded 38
const LOADED = on('energy_active_kcal', 450, YESTERDAY); // - 0.5 sd, less is better: 62.5, rounded 63
const ALL = [...BASE, SLEPT, VARIED, RESTED, LOADED];

/** The rows of `DAY`, by person. */
const readiness = async (people: Readonly<Record<string, readonly DayValue[]>>) => {
  const query = await over('readiness_daily', people);
  const rows = await query(`select * from readiness_daily where local_date = date '${DAY}'`);
  return Object.fromEntries(rows.map((row) => [String(row['user_id']), row]));
};

/** A whole day: asleep, variability, resting heart rate, and the day before's energy. */
const day = (asleep: number, variability: number, bpm: number, kcal: number) => [
  ...BASE,
  on('sleep_total_s', asleep),
  on('hrv_rmssd_ms', variability),
  on('resting_heart_rate_bpm', bpm),
  on('energy_active_kcal', kcal, YESTERDAY),
];

describe('readiness_daily', () => {
  test('is the weighted mean of four scores against the own normal, and the load is that of the day before', async () => {
    const found = await readiness({ all: ALL, busy: [...ALL, on('energy_active_kcal', 9000)] });
    const scores = {
      sleep_score: 75,
      hrv_score: 25,
      resting_heart_rate_score: 38,
      load_score: 63,
      readiness: 45, // (25 x 75 + 35 x 25 + 30 x 38 + 10 x 63) / 100 = (1875 + 875 + 1140 + 630) / 100 = 45.2
      reason: null,
      hrv_metric: 'hrv_rmssd_ms',
      load_metric: 'energy_active_kcal',
    };
    expect(found).toMatchObject({ all: scores, busy: scores });
  });

  test('a usual day is 50, and two standard deviations are as far as a score goes', async () => {
    const found = await readiness({
      usual: day(27_000, 50, 55, 500),
      best: day(40_000, 200, 40, 0),
      worst: day(0, 1, 90, 9000),
    });
    expect(found).toMatchObject({ usual: { readiness: 50 }, best: { readiness: 100 }, worst: { readiness: 0 } });
  });

  test('without one of the four there is none, and a reason; the other scores stand', async () => {
    const found = await readiness({ forgotten: [...BASE, SLEPT, VARIED] });
    expect(found['forgotten']).toMatchObject({
      readiness: null,
      reason: 'load_missing,resting_heart_rate_missing',
      sleep_score: 75,
      hrv_score: 25,
      resting_heart_rate_score: null,
      load_score: null,
    });
  });

  test('a value without fourteen days before it is too young, one unlike many equal ones has no measure', async () => {
    const young = before(DAY, 'hrv_rmssd_ms', inTurn(13, 46, 54));
    const even = before(DAY, 'resting_heart_rate_bpm', inTurn(20, 55));
    const found = await readiness({
      lacking: [...SLEEP, ...young, ...even, ...LOAD, SLEPT, VARIED, RESTED, LOADED],
      same: [...SLEEP, ...HRV, ...even, ...LOAD, SLEPT, VARIED, on('resting_heart_rate_bpm', 55), LOADED],
    });
    expect(found).toMatchObject({
      lacking: { readiness: null, reason: 'hrv_young,resting_heart_rate_even' },
      same: { resting_heart_rate_score: 50, readiness: 49 }, // (1875 + 875 + 30 x 50 + 630) / 100 = 48.8
    });
  });

  test('a second metric of the same thing counts where the first says nothing, and nowhere else', async () => {
    const other = [...level('hrv_sdnn_ms', 60, 10), on('hrv_sdnn_ms', 70)]; // + 1 sd: 75
    const walked = [...level('steps', 8000, 1000, YESTERDAY), on('steps', 9000, YESTERDAY)]; // + 1 sd, less is better: 25
    const found = await readiness({
      second: [...SLEEP, ...PULSE, SLEPT, RESTED, ...other, ...walked],
      both: [...ALL, ...other, ...walked],
    });
    const second = { hrv_metric: 'hrv_sdnn_ms', load_metric: 'steps', hrv_score: 75, load_score: 25 };
    expect(found).toMatchObject({
      second: { ...second, readiness: 59 }, // (1875 + 35 x 75 + 1140 + 10 x 25) / 100 = 58.9
      both: { hrv_score: 25, load_score: 63 },
    });
  });

  test('the weights of each component are one, their components are the columns, and they add up to 100', async () => {
    const query = await over('readiness_daily', {});
    expect(
      await query('select component from readiness_weights group by component having count(distinct weight) > 1'),
    ).toEqual([]);
    const parts = await query('select distinct component, cast(weight as int) as weight from readiness_weights');
    expect(parts.reduce((sum, { weight }) => sum + Number(weight), 0)).toBe(100);
    const [columns] = await query('select * from (values (1)) as t(one) left join readiness_daily on false');
    expect(Object.keys(columns ?? {})).toEqual(
      expect.arrayContaining(parts.map(({ component }) => `${String(component)}_score`)),
    );
    expect(
      await query('select metric from readiness_weights where metric not in (select metric from metrics)'),
    ).toEqual([]);
  });
});
