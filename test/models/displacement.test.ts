import { describe, expect, test } from 'vitest';
import { at, connectionFact, daily, diary, garmin, person, tables, userFact } from './deliveries.ts';

const DAY = {
  calendarDate: '2026-11-10',
  startTimeInSeconds: at('2026-11-09T23:00:00Z'),
  startTimeOffsetInSeconds: 3600,
};
const steps = (count: number, durationInSeconds: number, receivedAt: string) =>
  garmin('dailies', [{ ...DAY, durationInSeconds, steps: count }], receivedAt);
const series = (samples: object, receivedAt: string) =>
  garmin('dailies', [{ ...DAY, durationInSeconds: 86400, timeOffsetHeartRateSamples: samples }], receivedAt);
const eaten = (Date: string, Meal: string, Calories: string) => ({ Date, Meal, Calories });
const night = (from: string, to: string, receivedAt: string) => {
  const [startTimeInSeconds, end] = [at(from), at(to)];
  const record = { startTimeInSeconds, startTimeOffsetInSeconds: 3600, durationInSeconds: end - startTimeInSeconds };
  return garmin('sleeps', [record], receivedAt);
};
const starts = async (payloads: readonly ReturnType<typeof night>[]) => {
  const of = await tables([...person(), ...payloads]);
  const rows = await of.query('select start_utc from sleep_sessions order by start_utc');
  return rows.map((row) => String(row['start_utc']).slice(11, 16));
};

describe('versions of one record', () => {
  test('a day that grew wins over a shorter one, in whatever order they arrive', async () => {
    const late = [steps(9000, 86400, '2026-11-11T08:00:00Z'), steps(4000, 40000, '2026-11-12T08:00:00Z')];
    expect(await daily(await tables([...person(), ...late]), 'steps')).toEqual({ '2026-11-10': 9000 });
    expect(await daily(await tables([...person(), ...late.toReversed()]), 'steps')).toEqual({ '2026-11-10': 9000 });
  });

  test('of two full days the last statement wins', async () => {
    const of = await tables([
      ...person(),
      steps(9000, 86400, '2026-11-11T08:00:00Z'),
      steps(8500, 86400, '2026-11-12T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 8500 });
  });

  test('a redelivery of old bytes never beats a newer statement: A, B, A stays at B', async () => {
    const of = await tables([
      ...person(),
      steps(9000, 86400, '2026-11-11T08:00:00Z'),
      steps(8500, 86400, '2026-11-12T08:00:00Z'),
      steps(9000, 86400, '2026-11-13T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 8500 });
    expect(await of.query('select count(*) as n from observations')).toEqual([{ n: 1 }]);
  });

  test('a heart rate series lives and dies with the day it was sent in', async () => {
    const of = await tables([
      ...person(),
      series({ '0': 60, '15': 62, '30': 64 }, '2026-11-11T08:00:00Z'),
      series({ '0': 70 }, '2026-11-12T08:00:00Z'),
    ]);
    expect(await of.query('select value from samples')).toEqual([{ value: 70 }]);
  });
});

describe('an edited sleep', () => {
  test('displaces the one it overlaps, although its start moved', async () => {
    const [old, edited] = [
      night('2026-11-09T22:00:00Z', '2026-11-10T05:00:00Z', '2026-11-10T06:00:00Z'),
      night('2026-11-09T22:40:00Z', '2026-11-10T05:30:00Z', '2026-11-10T09:00:00Z'),
    ];
    expect(await starts([old, edited])).toEqual(['22:40']);
    expect(await starts([edited, old])).toEqual(['22:40']);
  });

  test('displaces also when it is out itself', async () => {
    // C overlaps B, B overlaps A, C and A do not touch: A stays out
    const a = night('2026-11-09T20:00:00Z', '2026-11-09T23:00:00Z', '2026-11-10T06:00:00Z');
    const b = night('2026-11-09T22:00:00Z', '2026-11-10T02:00:00Z', '2026-11-10T07:00:00Z');
    const c = night('2026-11-10T01:00:00Z', '2026-11-10T05:00:00Z', '2026-11-10T08:00:00Z');
    expect(await starts([a, b, c])).toEqual(['01:00']);
    expect(await starts([c, a, b])).toEqual(['01:00']);
  });

  test('leaves a nap beside it alone', async () => {
    const nap = night('2026-11-10T12:00:00Z', '2026-11-10T12:30:00Z', '2026-11-10T13:00:00Z');
    expect(await starts([night('2026-11-09T22:00:00Z', '2026-11-10T05:00:00Z', '2026-11-10T06:00:00Z'), nap])).toEqual([
      '22:00',
      '12:00',
    ]);
  });
});

describe('a statement about dates', () => {
  const march = { from: '2026-03-01', to: '2026-03-31' };

  test('displaces every older row inside its range, also where it now has none', async () => {
    const of = await tables([
      ...person(),
      diary([eaten('2026-03-01', 'Lunch', '500'), eaten('2026-03-02', 'Lunch', '600')], '2026-04-01T08:00:00Z', march),
      diary([eaten('2026-03-02', 'Lunch', '650'), eaten('2026-03-02', 'Dinner', '50')], '2026-04-02T08:00:00Z', march),
    ]);
    expect(await daily(of, 'diet_energy_kcal')).toEqual({ '2026-03-02': 700 });
  });

  test('displaces with no rows at all', async () => {
    const of = await tables([
      ...person(),
      diary([eaten('2026-03-01', 'Lunch', '500')], '2026-04-01T08:00:00Z', march),
      diary([], '2026-04-02T08:00:00Z', march),
    ]);
    expect(await daily(of, 'diet_energy_kcal')).toEqual({});
  });

  test('without a range covers exactly the dates it holds', async () => {
    const of = await tables([
      ...person(),
      diary([eaten('2026-03-01', 'Lunch', '500'), eaten('2026-03-02', 'Lunch', '600')], '2026-04-01T08:00:00Z'),
      diary([eaten('2026-03-02', 'Dinner', '50')], '2026-04-02T08:00:00Z'),
    ]);
    expect(await daily(of, 'diet_energy_kcal')).toEqual({ '2026-03-01': 500, '2026-03-02': 50 });
  });

  test('is one statement over all its pages, and keeps identical rows', async () => {
    const page = (rows: readonly ReturnType<typeof eaten>[], receivedAt: string) => ({
      ...diary(rows, receivedAt, march),
      deliveryId: 'd_one',
    });
    const twice = eaten('2026-03-02', 'Snack', '100');
    const of = await tables([
      ...person(),
      page([eaten('2026-03-01', 'Lunch', '500')], '2026-04-01T08:00:00.000Z'),
      page([twice, twice], '2026-04-01T08:00:00.900Z'),
    ]);
    expect(await daily(of, 'diet_energy_kcal')).toEqual({ '2026-03-01': 500, '2026-03-02': 200 });
  });
});

describe('whose it is', () => {
  test('objects belong by receive time, so that a former owner’s history never moves', async () => {
    const of = await tables([
      userFact('u_a'),
      userFact('u_b'),
      connectionFact('u_a', 'garmin', 'g', { at: Date.parse('2026-11-12T00:00:00Z') }),
      connectionFact('u_a', 'garmin', 'g', { at: Date.parse('2026-11-13T00:00:00Z'), state: 'disconnected' }),
      connectionFact('u_b', 'garmin', 'g', { at: Date.parse('2026-11-15T00:00:00Z') }),
      steps(1000, 86400, '2026-11-11T08:00:00Z'), // before the first link: it holds backwards
      steps(2000, 86400, '2026-11-14T08:00:00Z'), // in between: the next one's
    ]);
    expect(await of.query('select user_id, value from daily_metrics order by user_id')).toEqual([
      { user_id: 'u_a', value: 1000 },
      { user_id: 'u_b', value: 2000 },
    ]);
    expect(await of.query(`select user_id from raw_objects where provider = 'garmin' order by user_id`)).toEqual([
      { user_id: 'u_a' },
      { user_id: 'u_b' },
    ]);
  });

  test('what came after the last disconnection waits as unclaimed', async () => {
    const of = await tables([
      userFact('u_a'),
      connectionFact('u_a', 'garmin', 'g', { at: Date.parse('2026-11-01T00:00:00Z') }),
      connectionFact('u_a', 'garmin', 'g', { at: Date.parse('2026-11-12T00:00:00Z'), state: 'disconnected' }),
      steps(2000, 86400, '2026-11-13T08:00:00Z'),
    ]);
    expect(await of.query(`select state from raw_objects where provider = 'garmin'`)).toEqual([{ state: 'unclaimed' }]);
    expect(await of.query('select * from quarantine')).toEqual([]);
    expect(await daily(of, 'steps')).toEqual({});
  });

  test('a retracted object is as if it had never come', async () => {
    const kept = steps(2000, 86400, '2026-11-12T08:00:00Z');
    const of = await tables([...person(), kept, steps(3000, 86400, '2026-11-13T08:00:00Z')]);
    const [taken] = await of.query(`select raw_key from raw_objects where received_at >= timestamp '2026-11-13'`);
    const retraction = {
      provider: 'wellspring',
      externalId: 'user:u_a',
      type: 'wellspring.retraction',
      receivedAt: '2026-11-14T00:00:00Z',
      data: { effective_at: 1, sequence: 99999, raw_keys: [taken?.['raw_key']] },
    };
    const after = await tables([...person(), kept, steps(3000, 86400, '2026-11-13T08:00:00Z'), retraction]);
    expect(await daily(after, 'steps')).toEqual({ '2026-11-10': 2000 });
    expect(await after.query(`select state from raw_objects where provider = 'garmin' order by received_at`)).toEqual([
      { state: 'processed' },
      { state: 'retracted' },
    ]);
    const nameless = { ...retraction, data: { effective_at: 1, raw_keys: [taken?.['raw_key']] } };
    const refused = await tables([...person(), kept, steps(3000, 86400, '2026-11-13T08:00:00Z'), nameless]);
    expect(await daily(refused, 'steps')).toEqual({ '2026-11-10': 3000 });
  });
});
