import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MODELS } from '../support/transform.ts';
import { apple, at, daily, garmin, person, refused, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const napAt = (iso: string, napDurationInSeconds: number, fields: object = {}) => ({
  napStartTimeInSeconds: at(iso),
  napDurationInSeconds,
  napOffsetInSeconds: 3600,
  napValidation: 'DEVICE',
  ...fields,
});
const night = (durationInSeconds: number, naps: readonly object[], startsAt = '2026-11-10T02:00:00Z') => ({
  startTimeInSeconds: at(startsAt),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds,
  naps,
});
const SHOWN =
  'select asleep_s, is_main, is_nap, cast(local_date as varchar) as day from sleep_sessions order by start_utc';

test('a nap longer than the night of its day is not the main sleep', async () => {
  const of = await tables([
    ...person(),
    garmin('sleeps', [night(3600, [napAt('2026-11-10T13:00:00Z', 7200)])], RECEIVED),
  ]);
  expect(await of.query(SHOWN)).toEqual([
    { asleep_s: 3600, is_main: true, is_nap: false, day: DAY },
    { asleep_s: 7200, is_main: false, is_nap: true, day: DAY },
  ]);
  expect(await daily(of, 'sleep_total_s')).toEqual({ [DAY]: 3600 });
});

test('a day with naps alone has no main sleep, and the audit agrees', async () => {
  const of = await tables([
    ...person(),
    garmin('sleeps', [night(3600, [napAt('2026-11-11T13:00:00Z', 7200)])], '2026-11-12T08:00:00Z'),
  ]);
  expect(await of.query(SHOWN)).toContainEqual({ asleep_s: 7200, is_main: false, is_nap: true, day: '2026-11-11' });
  expect(await daily(of, 'sleep_total_s')).toEqual({ [DAY]: 3600 });
  expect(await of.query(readFileSync(`${MODELS}/audits/sleep_sessions_one_main.sql`, 'utf8'))).toEqual([]);
});

test('a nap of a better source does not make a sleep another source saw then the lesser one', async () => {
  const seen = {
    date: DAY,
    sleepStart: `${DAY} 14:00:00 +0100`,
    sleepEnd: `${DAY} 15:00:00 +0100`,
    totalSleep: 1,
    source: 'iPhone',
  };
  const of = await tables([
    ...person(),
    garmin('sleeps', [night(3600, [napAt('2026-11-10T13:00:00Z', 3600)], '2026-11-08T22:00:00Z')], RECEIVED),
    apple('sleep_analysis', 'hr', [seen], RECEIVED),
  ]);
  expect(
    await of.query(
      `select provider, is_main, is_nap from sleep_sessions where local_date = date '${DAY}' order by provider`,
    ),
  ).toEqual([
    { provider: 'apple', is_main: true, is_nap: false },
    { provider: 'garmin', is_main: false, is_nap: true },
  ]);
});

test('a nap goes with the night it was listed in, and comes with the one that took its place', async () => {
  const nap = napAt('2026-11-10T13:00:00Z', 1200);
  const of = await tables([
    ...person(),
    garmin('sleeps', [night(3600, [nap, napAt('2026-11-10T16:00:00Z', 600)])], RECEIVED),
    garmin('sleeps', [night(5400, [nap], '2026-11-10T01:30:00Z')], '2026-11-11T09:00:00Z'),
  ]);
  expect((await of.query(SHOWN)).map((row) => row['asleep_s'])).toEqual([5400, 1200]);
});

test('a nap listed in two nights is one, one off the wrist none, and one that cannot be is refused', async () => {
  const nap = napAt('2026-11-10T13:00:00Z', 1200);
  const of = await tables([
    ...person(),
    garmin(
      'sleeps',
      [
        night(3600, [nap, napAt('2026-11-10T15:00:00Z', 1200, { napValidation: 'OFF_WRIST' })]),
        night(3600, [nap, napAt('2026-11-10T16:00:00Z', -1)], '2026-11-09T22:00:00Z'),
      ],
      RECEIVED,
    ),
  ]);
  expect((await of.query(SHOWN)).filter((row) => row['is_nap'])).toEqual([
    { asleep_s: 1200, is_main: false, is_nap: true, day: DAY },
  ]);
  expect(await refused(of)).toEqual(['implausible_time /sleeps/1/naps/1']);
  expect(await of.query(`select n_ignored from raw_objects where provider = 'garmin'`)).toEqual([{ n_ignored: 1 }]);
});
