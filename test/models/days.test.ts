import { describe, expect, test } from 'vitest';
import { apart, apple, at, connectionFact, daily, dayOf, garmin, person, tables, userFact } from './deliveries.ts';

const epoch = (start: string, seconds: number, steps: number, offset: number) => ({
  startTimeInSeconds: at(start),
  startTimeOffsetInSeconds: offset,
  durationInSeconds: seconds,
  activityType: 'WALKING',
  steps,
});

const running = {
  calendarDate: '2026-11-10',
  startTimeInSeconds: at('2026-11-09T23:00:00Z'),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 43200,
  steps: 100,
};
/** An epoch that does not say its offset. */
const adrift = (startTime: string, steps: number) => ({
  startTimeInSeconds: at(startTime),
  durationInSeconds: 900,
  activityType: 'WALKING',
  steps,
});
const sleep = (start: string, seconds: number) => ({
  startTimeInSeconds: at(start),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: seconds,
});

describe('the day', () => {
  test('an interval over midnight is cut in proportion to time, and nothing is lost', async () => {
    // 23:45 to 00:15 in Paris (offset 3600): half of 31 steps each side
    const of = await tables([
      ...person(),
      garmin('epochs', [epoch('2026-11-10T22:45:00Z', 1800, 31, 3600)], '2026-11-11T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 15.5, '2026-11-11': 15.5 });
  });

  test('thirds of a step add up to the step', async () => {
    // 23:50 to 00:20: 10 of 30 minutes before midnight; 1/3 is 333333 millionths, the rest 666667
    const of = await tables([
      ...person(),
      garmin('epochs', [epoch('2026-11-10T22:50:00Z', 1800, 1, 3600)], '2026-11-11T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 0.333333, '2026-11-11': 0.666667 });
  });

  const whole = [
    ['2026-03-29', '2026-03-28T23:00:00Z', 82800, 3600], // 23 hours
    ['2026-10-25', '2026-10-24T22:00:00Z', 90000, 7200], // 25 hours
    ['2026-11-10', '2026-11-09T23:00:00Z', 86400, 3600],
  ] as const;

  test('a full watch day of 23, 24 or 25 hours covers it whole and is final at its end', async () => {
    const records = whole.map(([calendarDate, start, durationInSeconds, startTimeOffsetInSeconds]) => ({
      calendarDate,
      startTimeInSeconds: at(start),
      startTimeOffsetInSeconds,
      durationInSeconds,
      steps: 100,
    }));
    const of = await tables([...person(), garmin('dailies', records, '2026-11-12T08:00:00Z')]);
    for (const [day, start, seconds] of whole) {
      const final_at = new Date((at(start) + seconds) * 1000).toISOString();
      expect(await dayOf(of, 'steps', day)).toMatchObject({ coverage_pct: 100, final_at });
    }
  });

  test('a day still running is final three days after its local end', async () => {
    const of = await tables([...person(), garmin('dailies', [running], '2026-11-10T12:00:00Z')]);
    // half the day; the day ends at 23:00Z on the 10th, + 72 h
    expect(await dayOf(of, 'steps', '2026-11-10')).toMatchObject({
      coverage_pct: 50,
      final_at: '2026-11-13T23:00:00.000Z',
    });
  });

  test('an app’s total of a 25-hour day covers its last hour too', async () => {
    const of = await tables([
      ...person('Europe/Paris', { steps: ['apple', 'garmin'] }),
      apple(
        'step_count',
        'count',
        [{ date: '2026-10-25 00:00:00 +0200', qty: 5000, source: 'iPhone' }],
        '2026-10-26T08:00:00Z',
        'Days',
      ),
      // 23:30 to 23:45 in winter time, inside the phone's day
      garmin('epochs', [epoch('2026-10-25T22:30:00Z', 900, 70, 3600)], '2026-10-26T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-10-25': 5000 });
  });

  test('a record without a date belongs where its own offset says, wherever the person lives', async () => {
    // 23:30 in New York (-5 h) on the 10th is 05:30 in Paris on the 11th
    const of = await tables([
      ...person(),
      garmin('epochs', [epoch('2026-11-11T04:30:00Z', 900, 50, -18000)], '2026-11-11T08:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 50 });
  });

  test('a record without an offset belongs to the zone the person was in at that instant', async () => {
    const of = await tables([
      userFact('u_a', { zone: 'Europe/Paris' }),
      userFact('u_a', {
        zone: 'America/New_York',
        zoneSince: Date.parse('2026-11-11T00:00:00Z'),
        at: 1_100_000_000_000,
      }),
      connectionFact('u_a', 'garmin', 'g'),
      // 23:30Z on the 9th is 00:30 on the 10th in Paris; 04:30Z on the 12th is 23:30 on the 11th in New York
      garmin(
        'epochs',
        [adrift('2026-11-09T23:30:00Z', 10), adrift('2026-11-12T04:30:00Z', 20)],
        '2026-11-12T08:00:00Z',
      ),
    ]);
    expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 10, '2026-11-11': 20 });
  });

  test('a sleep belongs to the day it ends on, and the longest is the main one', async () => {
    const of = await tables([
      ...person(),
      // 23:00 to 06:00, and a nap of half an hour at 14:00
      garmin(
        'sleeps',
        [sleep('2026-11-09T22:00:00Z', 25200), sleep('2026-11-10T13:00:00Z', 1800)],
        '2026-11-10T18:00:00Z',
      ),
    ]);
    expect(
      await of.query(
        'select cast(local_date as varchar) as day, asleep_s, is_main from sleep_sessions order by asleep_s',
      ),
    ).toEqual([
      { day: '2026-11-10', asleep_s: 1800, is_main: false },
      { day: '2026-11-10', asleep_s: 25200, is_main: true },
    ]);
    expect(await daily(of, 'sleep_total_s')).toEqual({ '2026-11-10': 25200 });
  });
});

describe('times of Health Auto Export', () => {
  const instants = [
    ['2026-11-10 20:25:00 +0100', '2026-11-10T19:25:00.000Z'],
    ['2026-11-10 8:25:00 PM +0100', '2026-11-10T19:25:00.000Z'],
    ['2026-11-10 8:25:00\u202fPM +0100', '2026-11-10T19:25:00.000Z'],
    ['2026-11-10 8:25:00\u202fpm +0100', '2026-11-10T19:25:00.000Z'],
    ['2026-11-10 08:25:00 p.m. +01:00', '2026-11-10T19:25:00.000Z'],
    ['2026-11-10 12:05:00 AM +0100', '2026-11-09T23:05:00.000Z'],
    ['2026-11-10 12:05:00 PM +0100', '2026-11-10T11:05:00.000Z'],
    ['2026-11-10 06:30:00 -0330', '2026-11-10T10:00:00.000Z'],
  ] as const;

  test('are read with either clock, any blank and their own offset, and the day is their first ten characters', async () => {
    const rows = instants.map(([date]) => apple('weight_body_mass', 'kg', [{ date, qty: 80 }], '2026-11-11T08:00:00Z'));
    const of = await tables(apart(rows));
    expect(
      await of.query('select start_utc, cast(local_date as varchar) as day from observations order by user_id'),
    ).toEqual(instants.map(([, start_utc]) => ({ start_utc, day: '2026-11-10' })));
  });
});
