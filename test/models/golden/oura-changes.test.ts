import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../providers/kit/account.ts';
import { garminDaily, phoneSteps } from '../../support/payloads.ts';
import type { Payload, Tables } from '../../support/transform.ts';
import { connectionFact, daily, person, refused, retraction, tables, userFact } from '../deliveries.ts';

const ring = connectionFact('u_a', 'oura', 'o');
const people = [...person(), ring];

const answer = (type: string, data: readonly object[], receivedAt: string): Payload => {
  return { provider: 'oura', externalId: 'o', type, data: { data, next_token: null }, receivedAt, receiver: 'fetch' };
};
/** What a delete notice becomes when it has been read. */
const taken = (type: string, id: string, effective: string, externalId = 'o'): Payload =>
  retraction(effective, [id], { type: `oura.${type}`, account: accountOf('oura', externalId) });
const night = (id: string, asleep: number | null, more: object = {}) => ({
  id,
  type: 'long_sleep',
  day: '2026-11-10',
  bedtime_start: '2026-11-09T23:00:00+01:00',
  bedtime_end: '2026-11-10T07:00:00+01:00',
  total_sleep_duration: asleep,
  hrv: { interval: 300, items: [50], timestamp: '2026-11-09T23:00:00+01:00' },
  ...more,
});
const nights = async (of: Tables) =>
  (
    await of.query(
      'select asleep_s, provider_record_id as id from sleep_sessions s left join observations using (raw_key)',
    )
  )
    .map((row) => row['asleep_s'])
    .filter((value, index, all) => all.indexOf(value) === index);

describe('the same thing again', () => {
  test('the newest answer about an id stands, its series with it', async () => {
    const of = await tables([
      ...people,
      answer('sleep', [night('n', 25000)], '2026-11-10T08:00:00Z'),
      answer(
        'sleep',
        [night('n', 24000, { hrv: { interval: 300, items: [55], timestamp: '2026-11-09T23:00:00+01:00' } })],
        '2026-11-10T12:00:00Z',
      ),
    ]);
    expect(await daily(of, 'sleep_total_s')).toEqual({ '2026-11-10': 24000 });
    expect(await of.query('select value from samples')).toEqual([{ value: 55 }]);
  });

  test('a sleep without figures yet has none, and gets them later', async () => {
    const early = answer('sleep', [night('n', null, { hrv: null })], '2026-11-10T07:05:00Z');
    const before = await tables([...people, early]);
    expect(await nights(before)).toEqual([null]);
    expect(await refused(before)).toEqual([]);
    const late = await tables([...people, early, answer('sleep', [night('n', 25000)], '2026-11-10T08:00:00Z')]);
    expect(await nights(late)).toEqual([25000]);
  });

  test('a day is one, even when it comes under another id', async () => {
    const day = { day: '2026-11-10', timestamp: '2026-11-10T04:00:00+01:00' };
    const of = await tables([
      ...people,
      answer('daily_activity', [{ ...day, id: 'a', steps: 4000 }], '2026-11-10T12:00:00Z'),
      answer('daily_activity', [{ ...day, id: 'b', steps: 9000 }], '2026-11-10T22:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 9000 });
  });
});

const scored = (id: string, date: string) => ({ id, day: date, score: 80, timestamp: `${date}T00:00:00+01:00` });

describe('what was deleted', () => {
  const read = answer('sleep', [night('n', 25000)], '2026-11-10T08:00:00Z');

  test('a sleep that comes back as deleted is gone, with its series', async () => {
    const gone = answer('sleep', [night('n', 25000, { type: 'deleted' })], '2026-11-10T12:00:00Z');
    const of = await tables([...people, read, gone]);
    expect(await nights(of)).toEqual([]);
    expect(await of.query('select * from samples')).toEqual([]);
  });

  test('what was deleted goes with its series, of that account, that type and that id alone', async () => {
    const at = '2026-11-10T12:00:00Z';
    const each = ['sleep', 'workout', undefined].flatMap((type, n) => {
      const mine = { ...read, externalId: `e${n}` };
      const facts = [userFact(`u_${n}`), connectionFact(`u_${n}`, 'oura', `e${n}`), mine];
      return type === undefined ? [...facts, taken('sleep', 'm', at, 'e2')] : [...facts, taken(type, 'n', at, `e${n}`)];
    });
    const of = await tables(each);
    const others = [{ user_id: 'u_1' }, { user_id: 'u_2' }];
    expect(await of.query('select user_id from sleep_sessions order by user_id')).toEqual(others);
    expect(await of.query('select distinct user_id from samples order by user_id')).toEqual(others);
  });

  test('a day is told apart by its date and goes by its id', async () => {
    const days = answer('daily_sleep', [scored('a', '2026-11-10'), scored('b', '2026-11-11')], '2026-11-12T08:00:00Z');
    const of = await tables([...people, days, taken('daily_sleep', 'a', '2026-11-12T12:00:00Z')]);
    expect(await of.query('select local_date from scores')).toEqual([{ local_date: '2026-11-11' }]);
  });

  test('what Oura gives again after its notice stands again', async () => {
    const of = await tables([
      ...people,
      read,
      taken('sleep', 'n', '2026-11-10T12:00:00Z'),
      answer('sleep', [night('n', 23000)], '2026-11-10T18:00:00Z'),
    ]);
    expect(await nights(of)).toEqual([23000]);
  });

  test('a deleted workout is gone', async () => {
    const workout = {
      id: 'w',
      activity: 'walking',
      day: '2026-11-10',
      start_datetime: '2026-11-10T17:00:00+01:00',
      end_datetime: '2026-11-10T17:30:00+01:00',
    };
    const kept = answer('workout', [workout, { ...workout, id: 'v' }], '2026-11-10T18:00:00Z');
    const of = await tables([...people, kept, taken('workout', 'w', '2026-11-11T08:00:00Z')]);
    expect(await of.query('select provider_record_id as id from workouts')).toEqual([{ id: 'v' }]);
  });
});

describe('beside other sources', () => {
  const steps = answer(
    'daily_activity',
    [{ id: 'a', day: '2026-11-10', steps: 8000, timestamp: '2026-11-10T04:00:00Z' }],
    '2026-11-10T23:00:00Z',
  );

  test('a ring’s day is believed before a phone’s, and nothing of the phone is added to it', async () => {
    // 01:00 lies before the ring's day of four to four: it is part of the date's total all the same
    const of = await tables([
      ...people,
      steps,
      phoneSteps('p', '2026-11-10', [
        [1, 300],
        [12, 2000],
      ]),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 8000 });
  });

  test('a watch is believed before a ring, whose day of four to four adds nothing behind midnight', async () => {
    const inUtc = [...person('UTC'), ring];
    const of = await tables([...inUtc, steps, garminDaily('g', '2026-11-10', { steps: 8200 })]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 8200 });
  });
});

test.each([
  ['a time without an offset', { bedtime_end: '2026-11-10T07:00:00' }],
  ['a time that is none', { bedtime_start: 'yesterday' }],
  ['an end before the start', { bedtime_end: '2026-11-09T22:00:00+01:00' }],
])('a sleep with %s is refused', async (_title, wrong) => {
  const of = await tables([...people, answer('sleep', [night('n', 25000, wrong)], '2026-11-10T08:00:00Z')]);
  expect(await nights(of)).toEqual([]);
  expect(await refused(of)).toContain('implausible_time /data/0');
});

test('a record without an id or a date, and a list that is none, are refused with their places', async () => {
  const of = await tables([
    ...people,
    answer('daily_sleep', [{ id: 'x', score: 70 }], '2026-11-10T08:00:00Z'),
    { ...answer('workout', [], '2026-11-10T08:00:00Z'), data: { data: 'none' } },
    answer('sleep', [night('n', 25000, { hrv: 'none' })], '2026-11-10T09:00:00Z'),
  ]);
  expect(await refused(of)).toEqual([
    'missing_field /data/0',
    'unexpected_shape /data',
    'unexpected_shape /data/0/hrv',
  ]);
  expect(await daily(of, 'sleep_total_s')).toEqual({ '2026-11-10': 25000 });
});
