import { describe, expect, test } from 'vitest';
import { accountOf } from '../../providers/kit/account.ts';
import type { Payload } from '../support/transform.ts';
import { apple, at, connectionFact, daily, dayOf, garmin, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const MIDNIGHT_S = at('2026-11-09T23:00:00Z'); // in Paris
const HOUR_S = 3600;
const RECEIVED = '2026-11-11T08:00:00Z';

/** A total of the watch that says when it began and how long it is, in hours of the day. */
const watch = (steps: number, from: number, hours: number, externalId = 'g'): Payload => {
  const startTimeInSeconds = MIDNIGHT_S + from * HOUR_S;
  const times = { startTimeInSeconds, startTimeOffsetInSeconds: HOUR_S, durationInSeconds: hours * HOUR_S };
  return garmin('dailies', [{ calendarDate: DAY, ...times, steps }], RECEIVED, externalId);
};
const hourOf = (steps: number, hour: number): Payload => {
  const startTimeInSeconds = MIDNIGHT_S + hour * HOUR_S;
  const times = { startTimeInSeconds, startTimeOffsetInSeconds: HOUR_S, durationInSeconds: HOUR_S };
  return garmin('epochs', [{ ...times, activityType: 'WALKING', steps }], RECEIVED);
};
/** A total of the ring: its date is all it says of when. */
const ring = (steps: number): readonly Payload[] => [
  connectionFact('u_a', 'oura', 'o'),
  {
    provider: 'oura',
    externalId: 'o',
    type: 'daily_activity',
    data: { data: [{ id: 'x', day: DAY, steps }] },
    receivedAt: RECEIVED,
  },
];
const mat = (steps: number): readonly Payload[] => [
  connectionFact('u_a', 'withings', 'w'),
  {
    provider: 'withings',
    externalId: 'w',
    type: 'getactivity',
    data: {
      status: 0,
      body: { activities: [{ date: DAY, timezone: 'Europe/Paris', deviceid: 'd', brand: 1, steps }] },
    },
    receivedAt: RECEIVED,
  },
];
const slots = (hours: Readonly<Record<number, number>>): Payload => {
  const series = Object.entries(hours).map(([hour, steps]) => [
    String(MIDNIGHT_S + Number(hour) * HOUR_S),
    { steps, duration: HOUR_S, deviceid: 'd' },
  ]);
  const data = { status: 0, body: { series: Object.fromEntries(series) } };
  return { provider: 'withings', externalId: 'w', type: 'getintradayactivity', data, receivedAt: RECEIVED };
};
const phone = (qty: number, hour: number): Payload =>
  apple('step_count', 'count', [{ date: `${DAY} ${hour}:00:00 +0100`, qty, source: 'iPhone' }], RECEIVED, 'Hours');

// of two accounts of one maker the smaller id is believed first
const [first, second] = ['g', 'g2'].toSorted((a, b) => (accountOf('garmin', a) < accountOf('garmin', b) ? -1 : 1));
const watches = [...person(), connectionFact('u_a', 'garmin', 'g2')];

describe('a total below another total', () => {
  test('adds nothing when its date is all it says of when: which part of it lies outside cannot be told', async () => {
    // the watch's day runs since 15 hours; the ring's 9600 spread over the day would add 9600 x 9 / 24
    const of = await tables([...person(), watch(6000, 0, 15), ...ring(9600)]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({
      value: 6000,
      winner_source: 'garmin',
      n_sources: 2,
      n_observations: 1,
      alternatives: '[{"source":"garmin","value":6000},{"source":"oura","value":9600}]',
      coverage_pct: 62.5, // 15 of 24 hours
    });
    const said = await of.query(`select source, counted from daily_candidates where metric = 'steps' order by rank`);
    expect(said).toEqual([
      { source: 'garmin', counted: 6000 },
      { source: 'oura', counted: null },
    ]);
  });

  test('adds nothing when the time it gives is the whole day, be it worked out from its zone or stated', async () => {
    const zoned = await tables([...person(), watch(6000, 0, 15), ...mat(9600)]);
    expect(await daily(zoned, 'steps')).toEqual({ [DAY]: 6000 });
    const stated = await tables([...watches, watch(6000, 0, 15, first), watch(9600, 0, 24, second)]);
    expect(await daily(stated, 'steps')).toEqual({ [DAY]: 6000 });
  });

  test('adds in proportion what lies outside when it says when it began and how long it is', async () => {
    const of = await tables([...watches, watch(3000, 0, 12, first), watch(2400, 6, 12, second)]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 4200 }); // 3000 + 2400 x 6 / 12: from noon to six
  });

  test('adds what its own intervals hold outside, whatever it says of its own time', async () => {
    const order = { steps: ['garmin', 'withings'] };
    const lower = [...mat(9600), slots({ 10: 500, 16: 700 })];
    const of = await tables([...person('Europe/Paris', order), watch(3000, 0, 12), ...lower]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 3700 }); // 3000 + 700, at four in the afternoon
  });

  test('covers what is below it all the same', async () => {
    // the phone's hour lies in the day the ring has a total of
    const of = await tables([...person(), watch(6000, 0, 15), ...ring(9600), phone(300, 16)]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 6000 });
  });
});

describe('a total of which only the date is known', () => {
  test('covers the day where it is believed first', async () => {
    const of = await tables([
      ...person('Europe/Paris', { steps: ['oura', 'garmin'] }),
      watch(6000, 0, 15),
      ...ring(9600),
    ]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 9600, winner_source: 'oura', coverage_pct: 100 });
  });

  test('counts less what lies in their time below intervals alone', async () => {
    const of = await tables([...person(), hourOf(2000, 10), ...ring(4800)]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 6600 }); // 2000 + 4800 - 4800 / 24
  });
});
