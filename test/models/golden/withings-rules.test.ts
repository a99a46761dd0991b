import { describe, expect, test } from 'vitest';
import type { Payload } from '../../support/transform.ts';
import { apple, at, connectionFact, daily, dayOf, refused, tables, userFact } from '../deliveries.ts';

// Shapes of the documented answers with figures of our own: no recorded answer shows these cases.
const DAY = '2026-11-10';
const NIGHT = at('2026-11-09T22:00:00Z');
const RECEIVED = '2026-11-11T08:00:00Z';
const LATER = '2026-11-12T08:00:00Z';
const person = [
  userFact('u_a', { zone: 'Europe/Paris' }),
  connectionFact('u_a', 'withings', 'w'),
  connectionFact('u_a', 'apple', 'p'),
];

const answer = (type: string, body: object, receivedAt = RECEIVED, externalId = 'w'): Payload => ({
  provider: 'withings',
  externalId,
  type,
  data: { status: 0, body },
  receivedAt,
  receiver: 'fetch',
});
const group = (grpid: number, modified: number, measures: readonly object[], timezone = 'Europe/Paris') => ({
  timezone,
  measuregrps: [{ grpid, attrib: 0, date: NIGHT, modified, category: 1, model: 'Body+', measures }],
});
const weight = (value: number) => ({ value, type: 1, unit: -3 });
const fat = { value: 20_000, type: 6, unit: -3 };

describe('versions of a weighing', () => {
  const older = group(1, 100, [weight(80_000), fat]);
  const newer = group(1, 200, [weight(81_000)]);

  test.each([
    ['in order', older, newer],
    ['the other way round', newer, older],
  ])('the one modified last stands, with what it lists alone, arriving %s', async (_, first, second) => {
    const of = await tables([...person, answer('getmeas', first), answer('getmeas', second, LATER)]);
    expect(await of.query('select metric, value from observations')).toEqual([{ metric: 'weight_kg', value: 81 }]);
  });
});

describe('the zone of a weighing', () => {
  // 22:00Z is 23:00 in Paris and 07:00 of the next day in Tokyo
  const far = answer('getmeas', group(1, 1, [weight(80_000)], 'Asia/Tokyo'));

  test('is the person’s, not the one of the answer', async () => {
    expect(await daily(await tables([...person, far]), 'weight_kg')).toEqual({ '2026-11-09': 80 });
  });

  test('is that of the answer while the person has none', async () => {
    const of = await tables([connectionFact('u_a', 'withings', 'w'), far]);
    expect(await of.query('select cast(local_date as varchar) as day, offset_s from observations')).toEqual([
      { day: '2026-11-10', offset_s: 32_400 },
    ]);
  });

  test.each([
    ['each measure names one of its own', {}, 'Mars/One', 'Mars/Two'],
    ['the group names one and a measure another', { timezone: 'Mars/One' }, undefined, 'Mars/Two'],
  ])('is none of several that are none, said once for the weighing: %s', async (_, more, first, second) => {
    const measures = [
      { ...weight(80_000), ...(first === undefined ? {} : { timezone: first }) },
      { ...fat, timezone: second },
    ];
    const grps = [{ grpid: 1, attrib: 0, date: NIGHT, modified: 1, category: 1, ...more, measures }];
    const of = await tables([...person, answer('getmeas', { timezone: 'Europe/Paris', measuregrps: grps })]);
    expect(await refused(of)).toEqual(['unknown_zone /body/measuregrps/0']);
    expect(await daily(of, 'weight_kg')).toEqual({ '2026-11-09': 80 });
  });

  test.each(['Mars/Olympus', '', '+99:00'])('called %j is none, and ends nobody’s batch', async (zone) => {
    const odd = answer('getmeas', group(1, 1, [weight(80_000)], zone));
    const of = await tables([connectionFact('u_a', 'withings', 'w'), odd]);
    expect(await of.query('select value, offset_s from observations')).toEqual([{ value: 80, offset_s: null }]);
    // That it says none is no mistake.
    expect(await refused(of)).toEqual(zone === '' ? [] : ['unknown_zone /body/measuregrps/0']);
  });

  test('and one that is none is told once for each weighing, with its name; the value stands', async () => {
    const odd = answer('getmeas', group(1, 1, [weight(80_000), fat], 'Mars/Olympus'));
    const walked = { date: DAY, timezone: 'Mars/Base', modified: 1, brand: 1, steps: 5000 };
    const known = { ...walked, date: '2026-11-09', timezone: 'Europe/Paris' };
    const of = await tables([...person, odd, answer('getactivity', { activities: [known, walked] })]);
    expect(await of.query('select pointer, rule, detail, text, user_id from quarantine order by pointer')).toEqual([
      {
        pointer: '/body/activities/1',
        rule: 'unknown_zone',
        detail: 'time zone not known: Mars/Base',
        text: 'Mars/Base',
        user_id: 'u_a',
      },
      {
        pointer: '/body/measuregrps/0',
        rule: 'unknown_zone',
        detail: 'time zone not known: Mars/Olympus',
        text: 'Mars/Olympus',
        user_id: 'u_a',
      },
    ]);
    expect(await of.query(`select metric, value from observations where metric = 'weight_kg'`)).toEqual([
      { metric: 'weight_kg', value: 80 },
    ]);
    // The day that names the zone is the person's own.
    expect(await daily(of, 'steps')).toEqual({ '2026-11-09': 5000, [DAY]: 5000 });
    // Said again in a zone there is, it is told no longer.
    const right = answer('getmeas', group(1, 2, [weight(80_000), fat]), LATER);
    expect(await refused(await tables([...person, odd, right]))).toEqual([]);
  });
});

const place = (n: number) => `/body/measuregrps/0/measures/${n}/value`;

test('values that are no integer times a power of ten, or that nobody weighs, are refused', async () => {
  const odd = [
    { type: 1, value: 80_000 },
    { type: 5, value: 'much', unit: -3 },
    { type: 8, value: 1.5, unit: 0 },
    { type: 76, value: 70_000, unit: 400 },
    { type: 88, value: 4, unit: -400 },
  ];
  const of = await tables([...person, answer('getmeas', group(1, 1, odd))]);
  expect(await of.query('select metric from observations')).toEqual([]);
  expect(await refused(of)).toEqual([
    `not_a_number ${place(0)}`,
    `not_a_number ${place(1)}`,
    `not_a_number ${place(2)}`,
    `out_of_range ${place(3)}`,
    `out_of_range ${place(4)}`,
  ]);
});

const day = (fields: object) => ({ date: DAY, timezone: 'Europe/Paris', modified: 1, ...fields });
const passedOn = day({ brand: 18, model: 'GoogleFit tracker', deviceid: null, steps: 5000 });

describe('what another app counted', () => {
  test('counts where nobody else says it', async () => {
    const of = await tables([...person, answer('getactivity', { activities: [passedOn] })]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 5000, n_sources: 1 });
  });

  test('does not count beside a watch of Withings', async () => {
    const watch = day({ brand: 1, model: 'ScanWatch', deviceid: 'd1', steps: 6000 });
    const of = await tables([...person, answer('getactivity', { activities: [passedOn, watch] })]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({
      value: 6000,
      winner_source: 'withings/ScanWatch',
      n_sources: 1,
    });
  });

  test('does not count beside the hours another door brings, nor do its own slots', async () => {
    const hours = apple(
      'step_count',
      'count',
      [{ date: `${DAY} 08:00:00 +0100`, qty: 700, source: 'Phone' }],
      RECEIVED,
      'Hours',
    );
    const slot = {
      [at(`${DAY}T15:00:00Z`)]: { steps: 300, duration: 60, model: 'Samsung Health tracker', deviceid: null },
    };
    const of = await tables([
      ...person,
      hours,
      answer('getactivity', { activities: [passedOn] }),
      answer('getintradayactivity', { series: slot }),
    ]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 700, n_sources: 1 });
    // it stays to be looked at
    expect(
      await of.query(`select value from observations where metric = 'steps' and provider = 'withings' order by value`),
    ).toEqual([{ value: 300 }, { value: 5000 }]);
  });
});

test('a day and its slots are one source: the total counts, heart rate comes from the slots', async () => {
  const watch = day({
    brand: 1,
    model: 'ScanWatch',
    deviceid: 'd1',
    steps: 6000,
    hr_average: 70,
    hr_min: 50,
    hr_max: 0,
  });
  const slot = (clock: string, fields: object) => [
    at(`${DAY}T${clock}Z`),
    { model: 'ScanWatch', deviceid: 'd1', ...fields },
  ];
  const series = Object.fromEntries([
    slot('10:00:00', { steps: 100, duration: 60, heart_rate: 80 }),
    slot('10:10:00', { heart_rate: 90, spo2_auto: 97 }),
    slot('10:20:00', { heart_rate: 0, rmssd: 0 }),
  ]);
  const of = await tables([
    ...person,
    answer('getactivity', { activities: [watch] }),
    answer('getintradayactivity', { series }),
  ]);
  expect(await daily(of, 'steps')).toEqual({ [DAY]: 6000 });
  expect(await daily(of, 'heart_rate_bpm')).toEqual({ [DAY]: 85 }); // (80 + 90) / 2
  expect(await daily(of, 'spo2_pct')).toEqual({ [DAY]: 97 });
  expect(await daily(of, 'heart_rate_max_24h_bpm')).toEqual({}); // 0 is none
  expect(await refused(of)).toEqual([]);
});

test('an intraday answer without rows is empty in either shape, and a list with rows is refused', async () => {
  const empty = [answer('getintradayactivity', { series: [] }), answer('getintradayactivity', { series: {} })];
  expect(await refused(await tables([...person, ...empty]))).toEqual([]);
  const list = answer('getintradayactivity', { series: [{ steps: 1 }] });
  expect(await refused(await tables([...person, list]))).toEqual(['unexpected_shape /body/series']);
});
