import { describe, expect, test } from 'vitest';
import { apple, at, daily, dayOf, garmin, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const row = (clock: string, qty: number, source: string) => ({ date: `${DAY} ${clock} +0100`, qty, source });
const basal = (rows: readonly object[], aggregation?: string) =>
  apple('basal_energy_burned', 'kcal', rows, RECEIVED, aggregation);

describe('rows Health Auto Export merged itself', () => {
  const rows = [row('08:00:00', 70, 'Watch'), row('09:00:00', 80, 'Watch|iPhone')];

  test.each([
    ['stated as hours', 'Hours'],
    ['inferred to be hours', undefined],
  ])('are one source however its names wander, %s', async (_, aggregation) => {
    const of = await tables([...person(), basal(rows, aggregation)]);
    // 70 + 80: of basal energy one source counts, and this is one
    expect(await dayOf(of, 'energy_basal_kcal', DAY)).toMatchObject({
      value: 150,
      winner_source: 'apple',
      n_sources: 1,
      n_observations: 2,
    });
    expect(await of.query('select distinct device from observations')).toEqual([{ device: null }]);
  });

  test('keep what each row says measured it, and the best of the day speaks for the source', async () => {
    const watch = garmin(
      'epochs',
      [
        {
          startTimeInSeconds: at(`${DAY}T07:00:00Z`),
          startTimeOffsetInSeconds: 3600,
          durationInSeconds: 3600,
          activityType: 'WALKING',
          steps: 1,
        },
      ],
      RECEIVED,
    );
    const steps = apple(
      'step_count',
      'count',
      [row('08:00:00', 70, 'Watch'), row('09:00:00', 80, 'iPhone')],
      RECEIVED,
      'Hours',
    );
    const of = await tables([...person(), watch, steps]);
    expect(await of.query(`select source_type from observations where provider = 'apple' order by start_utc`)).toEqual([
      { source_type: 'watch' },
      { source_type: 'phone' },
    ]);
    // a watch as Garmin is; with two observations against one it is the more complete of the two
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 150, winner_source: 'apple' });
  });

  test('are a night without a device of its own', async () => {
    const night = {
      date: DAY,
      sleepStart: '2026-11-09 23:00:00 +0100',
      sleepEnd: `${DAY} 06:30:00 +0100`,
      totalSleep: 7.5,
      source: 'Watch',
    };
    const of = await tables([...person(), apple('sleep_analysis', 'hr', [night], RECEIVED)]);
    expect(await of.query('select source_type, device from sleep_sessions')).toEqual([
      { source_type: 'watch', device: null },
    ]);
  });
});

test('single samples of Health Auto Export keep their device, and of two the better counts', async () => {
  const of = await tables([
    ...person(),
    basal([row('08:00:07', 7, 'Watch'), row('08:30:11', 3, 'Watch'), row('09:00:05', 50, 'iPhone')]),
  ]);
  expect(await daily(of, 'energy_basal_kcal')).toEqual({ [DAY]: 10 }); // 7 + 3 of the watch
  expect(await dayOf(of, 'energy_basal_kcal', DAY)).toMatchObject({
    alternatives: '[{"source":"apple/Watch","value":10},{"source":"apple/iPhone","value":50}]',
  });
});

test('sums of weeks, months or years are of no day: they are counted and mapped to nothing', async () => {
  const of = await tables([
    ...person(),
    ...['Weeks', 'months', 'year'].map((aggregation, index) =>
      apple('step_count', 'count', [row('00:00:00', 50_000 + index, 'Watch')], RECEIVED, aggregation),
    ),
  ]);
  expect(await daily(of, 'steps')).toEqual({});
  expect(await of.query(`select sum(n_ignored) as n from raw_objects`)).toEqual([{ n: 3 }]);
});

test('a second the app added up is no single sample', async () => {
  const of = await tables([
    ...person(),
    apple('step_count', 'count', [row('08:00:07', 3, 'Watch'), row('08:00:08', 2, 'iPhone')], RECEIVED, 'Seconds'),
  ]);
  expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 5, winner_source: 'apple' }); // 3 + 2
  expect(await of.query('select distinct quality from observations')).toEqual([{ quality: 'ok' }]);
});
