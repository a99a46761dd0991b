import { describe, expect, test } from 'vitest';
import type { Payload } from '../support/transform.ts';
import { apple, at, daily, dayOf, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const HOME = '2026-11-11T08:00:00Z';
const AWAY = '2026-11-12T08:00:00Z';
const steps = (date: string, qty: number, receivedAt: string, aggregation: string) =>
  apple('step_count', 'count', [{ date, qty, source: 'iPhone' }], receivedAt, aggregation);
const weight = (date: string, qty: number, receivedAt: string) =>
  apple('weight_body_mass', 'kg', [{ date, qty }], receivedAt, 'Days');
const stage = (startDate: string, endDate: string, value: string, qty: number) => ({
  startDate,
  endDate,
  value,
  qty,
  source: 'Watch',
});
const run = (name: string, start: string, end: string, receivedAt: string): Payload => ({
  provider: 'apple',
  externalId: 'p',
  type: 'workouts',
  data: { data: { workouts: [{ name, start, end }] } },
  receivedAt,
});

// the app writes every time with the offset the phone is in: after a journey the same instant is another text
describe('exported again after a journey', () => {
  test('a day is the same day: the newest statement counts', async () => {
    const of = await tables([
      ...person(),
      steps(`${DAY} 00:00:00 +0100`, 5000, HOME, 'Days'),
      steps(`${DAY} 00:00:00 -0500`, 5200, AWAY, 'Days'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 5200 });
    expect(await of.query('select count(*) as n from observations')).toEqual([{ n: 1 }]);
  });

  test('the weight of a day is there once', async () => {
    const of = await tables([
      ...person(),
      weight(`${DAY} 00:00:00 +0100`, 80, HOME),
      weight(`${DAY} 00:00:00 -0500`, 81, AWAY),
    ]);
    expect(await dayOf(of, 'weight_kg', DAY)).toMatchObject({ value: 81, n_observations: 1 });
  });

  test('an hour and a minute are the same instant', async () => {
    // 09:00 +0100 and 03:00 -0500 are 08:00Z, 10:07 and 04:07 are 09:07Z
    const of = await tables([
      ...person(),
      steps(`${DAY} 09:00:00 +0100`, 100, HOME, 'Hours'),
      steps(`${DAY} 03:00:00 -0500`, 120, AWAY, 'Hours'),
      steps(`${DAY} 10:07:00 +0100`, 7, HOME, 'Minutes'),
      steps(`${DAY} 04:07:00 -0500`, 9, AWAY, 'Minutes'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 129 }); // 120 + 9
  });

  test('a minute inside an hour is part of it, whatever offset either is written with', async () => {
    const hour = steps(`${DAY} 03:00:00 -0500`, 120, AWAY, 'Hours'); // 08:00Z to 09:00Z
    const minutes = [
      steps(`${DAY} 08:59:00 +0100`, 1, HOME, 'Minutes'), // before it
      steps(`${DAY} 09:00:00 +0100`, 10, HOME, 'Minutes'),
      steps(`${DAY} 09:59:00 +0100`, 20, HOME, 'Minutes'),
      steps(`${DAY} 10:00:00 +0100`, 2, HOME, 'Minutes'), // after it
    ];
    expect(await daily(await tables([...person(), hour, ...minutes]), 'steps')).toEqual({ [DAY]: 123 }); // 1 + 120 + 2
    // where clocks differ by half an hour the hours begin at half past: 09:00 +0530 is 03:30Z, 04:15Z lies in it
    const halfPast = steps(`${DAY} 09:00:00 +0530`, 120, AWAY, 'Hours');
    const quarter = steps(`${DAY} 05:15:00 +0100`, 10, HOME, 'Minutes');
    expect(await daily(await tables([...person(), halfPast, quarter]), 'steps')).toEqual({ [DAY]: 120 });
  });

  test('the stages of a night are the same stages', async () => {
    const home = [
      stage('2026-11-09 23:00:00 +0100', `${DAY} 03:00:00 +0100`, 'Core', 4),
      stage(`${DAY} 03:00:00 +0100`, `${DAY} 06:00:00 +0100`, 'Deep', 3),
      stage('2026-11-09 22:30:00 +0100', `${DAY} 06:30:00 +0100`, 'In Bed', 8),
    ];
    const away = [
      stage('2026-11-09 17:00:00 -0500', '2026-11-09 21:00:00 -0500', 'Core', 4),
      stage('2026-11-09 21:00:00 -0500', `${DAY} 00:00:00 -0500`, 'Deep', 3),
      stage('2026-11-09 16:30:00 -0500', `${DAY} 00:30:00 -0500`, 'In Bed', 8),
    ];
    const of = await tables([
      ...person(),
      apple('sleep_analysis', 'hr', home, HOME),
      apple('sleep_analysis', 'hr', away, AWAY),
    ]);
    expect(await of.query('select light_s, deep_s, asleep_s, in_bed_s, offset_s from sleep_sessions')).toEqual([
      // 4 h, 3 h, 7 h and 8 h, as the newest statement writes them
      { light_s: 14400, deep_s: 10800, asleep_s: 25200, in_bed_s: 28800, offset_s: -18000 },
    ]);
  });

  test('stages at one time of two sources, or of two kinds, are different stages', async () => {
    const core = { startDate: '2026-11-09 23:00:00 +0100', endDate: `${DAY} 06:00:00 +0100`, value: 'Core', qty: 7 };
    const rows = [
      { ...core, source: 'Watch' },
      { ...core, source: 'iPhone' },
      { ...core, value: 'REM', source: 'iPhone' },
    ];
    const of = await tables([...person(), apple('sleep_analysis', 'hr', rows, HOME)]);
    expect(await of.query('select device, light_s, rem_s from sleep_sessions order by device')).toEqual([
      { device: 'Watch', light_s: 25200, rem_s: null },
      { device: 'iPhone', light_s: 25200, rem_s: 25200 },
    ]);
  });

  test('a workout without an id is the same by its name and its start', async () => {
    const of = await tables([
      ...person(),
      run('Running', `${DAY} 09:00:00 +0100`, `${DAY} 10:00:00 +0100`, HOME),
      run('Running', `${DAY} 03:00:00 -0500`, `${DAY} 04:30:00 -0500`, AWAY),
      run('Walking', `${DAY} 09:00:00 +0100`, `${DAY} 10:00:00 +0100`, HOME),
    ]);
    expect(await of.query('select sport_raw, start_utc, elapsed_s from workouts order by sport_raw')).toEqual([
      { sport_raw: 'Running', start_utc: new Date(at(`${DAY}T08:00:00Z`) * 1000).toISOString(), elapsed_s: 5400 },
      { sport_raw: 'Walking', start_utc: new Date(at(`${DAY}T08:00:00Z`) * 1000).toISOString(), elapsed_s: 3600 },
    ]);
  });

  test('two workouts whose start cannot be read stay two refusals', async () => {
    const runs = ['soon', 'later'].map((start) => ({
      name: 'Running',
      start,
      end: `${DAY} 10:00:00 +0100`,
      activeEnergyBurned: { qty: 5, units: 'kcal' },
    }));
    const payload = { provider: 'apple', externalId: 'p', type: 'workouts', receivedAt: HOME } as const;
    const of = await tables([...person(), { ...payload, data: { data: { workouts: runs } } }]);
    expect(await of.query('select pointer from quarantine order by pointer')).toEqual([
      { pointer: '/data/workouts/0' },
      { pointer: '/data/workouts/1' },
    ]);
  });
});
