import { describe, expect, test } from 'vitest';
import { apart, apple, at, garmin, refused, tables } from './deliveries.ts';

const RECEIVED = '2026-11-11T08:00:00Z';
const START = at('2026-11-10T09:00:00Z');

/** No integer of 64 bits holds these, or what is computed from them. */
const TOO_LARGE = [1e300, -1e300, 9e18, -9e18, 1e15, 'NaN', 'Infinity'];

/** A delivery for each of the numbers, each of a person of its own, and one as it should be. */
const each = (of: (n: unknown) => Parameters<typeof apart>[0][number], good: unknown) =>
  apart([of(good), ...TOO_LARGE.map(of)]);

const summary = { summaryId: 's', startTimeInSeconds: START, durationInSeconds: 900, startTimeOffsetInSeconds: 3600 };
const types = {
  dailies: { ...summary, calendarDate: '2026-11-10', steps: 5 },
  epochs: { ...summary, steps: 5, activityType: 'WALKING' },
  sleeps: { ...summary, calendarDate: '2026-11-10', deepSleepDurationInSeconds: 900 },
  activities: { ...summary, activityId: 1, activityType: 'RUNNING' },
};

describe('a number no integer holds', () => {
  test.each(
    Object.entries(types).flatMap(([type, record]) =>
      ['startTimeInSeconds', 'durationInSeconds'].map((field) => ({ type, record, field })),
    ),
  )('as $field of $type is refused and ends nobody’s batch', async ({ type, record, field }) => {
    const good = field === 'startTimeInSeconds' ? START : 900;
    const of = await tables(each((n) => garmin(type, [{ ...record, [field]: n }], RECEIVED), good));
    expect(new Set((await refused(of)).map((line) => line.split('/')[0]))).toEqual(new Set(['implausible_time ']));
    const [row] = await of.query("select count(distinct user_id) as n from quarantine where rule = 'implausible_time'");
    expect(row).toEqual({ n: TOO_LARGE.length });
  });

  test.each(Object.entries(types))(
    'as an offset of %s is none: the person’s zone says the day',
    async (type, record) => {
      const of = await tables(each((n) => garmin(type, [{ ...record, startTimeOffsetInSeconds: n }], RECEIVED), 3600));
      expect(await refused(of)).toEqual([]);
      const published = '(select local_date from observations union select local_date from workouts)';
      const days = await of.query(`select cast(local_date as varchar) as day from ${published}`);
      expect(days.map((row) => row['day'])).toEqual(['2026-11-10']);
    },
  );

  test('in a series, a stretch of sleep or an hour of the app is refused where it stands', async () => {
    const series = garmin(
      'dailies',
      [{ ...types.dailies, timeOffsetHeartRateSamples: { 15: 61, 1e300: 60, '99999999999999999999': 62 } }],
      RECEIVED,
    );
    const levels = garmin(
      'sleeps',
      [{ ...types.sleeps, sleepLevelsMap: { deep: [{ startTimeInSeconds: START, endTimeInSeconds: 1e300 }] } }],
      RECEIVED,
    );
    const night = { startDate: '2026-11-09 23:00:00 +0100', endDate: '2026-11-10 06:00:00 +0100', source: 'Watch' };
    const hours = apple('sleep_analysis', 'hr', [{ ...night, value: 'Core', qty: 1e300 }], RECEIVED);
    const of = await tables(apart([series, levels, hours]));
    expect(await of.query('select value from samples')).toEqual([{ value: 61 }]);
    expect(
      await of.query('select user_id, rule, count(*) > 0 as some from quarantine group by all order by all'),
    ).toEqual([
      { user_id: 'u_0', rule: 'implausible_time', some: true },
      { user_id: 'u_1', rule: 'implausible_time', some: true },
      { user_id: 'u_2', rule: 'out_of_range', some: true },
    ]);
  });
});
