import { expect, test } from 'vitest';
import type { Payload } from '../support/transform.ts';
import { apart, apple, connectionFact, daily, refused, tables, userFact } from './deliveries.ts';
import { recordedWithout, REQUIRED } from './required.ts';

const people = [
  userFact('u_a', { zone: 'UTC' }),
  connectionFact('u_a', 'oura', 'o'),
  connectionFact('u_a', 'withings', 'w'),
];
const [FIRST, AGAIN] = ['2026-11-10T08:00:00Z', '2026-11-11T08:00:00Z'];

const ring = (type: string, data: readonly object[], receivedAt: string): Payload => {
  return { provider: 'oura', externalId: 'o', type, data: { data, next_token: null }, receivedAt, receiver: 'fetch' };
};
const ready = (fields: object) => ({ id: 'r', day: '2026-11-10', contributors: { previous_night: 80 }, ...fields });
const scale = (measures: object, receivedAt: string, more: object = {}): Payload => {
  const group = { grpid: 7, date: 1_794_298_200, category: 1, attrib: 0, ...measures, ...more };
  return {
    provider: 'withings',
    externalId: 'w',
    type: 'getmeas',
    data: { status: 0, body: { measuregrps: [group] } },
    receivedAt,
    receiver: 'fetch',
  };
};
const weight = (name: string) => ({ measures: [{ type: 1, unit: -3, [name]: 80_094 }] });

test('a score under another name is refused by record, and the reason names the field', async () => {
  const of = await tables([...people, ring('daily_readiness', [ready({ readiness_score: 81 })], FIRST)]);
  expect(await of.query('select rule, pointer, detail, type from quarantine')).toEqual([
    {
      rule: 'missing_field',
      pointer: '/data/0',
      detail: 'the format has changed, what is always there is missing: score',
      type: 'oura.daily_readiness',
    },
  ]);
});

test('a field that is there and empty, and a score that is not made yet, are no change of format', async () => {
  const waiting = ready({ contributors: { previous_night: null } });
  const of = await tables([
    ...people,
    ring('daily_readiness', [ready({ score: null }), { ...waiting, day: '2026-11-09' }], FIRST),
  ]);
  expect(await refused(of)).toEqual([]);
});

test('a quarter of an hour in a wheelchair has pushes where others have steps', async () => {
  const pushed = { summaryId: 'e', activityType: 'WHEELCHAIR_PUSH', met: 2.1, pushes: 240, pushDistanceInMeters: 180 };
  const times = { startTimeInSeconds: 1_794_298_200, startTimeOffsetInSeconds: 0, durationInSeconds: 900 };
  const epoch = { ...pushed, ...times, activeKilocalories: 12 };
  const of = await tables([
    userFact('u_a', { zone: 'UTC' }),
    connectionFact('u_a', 'garmin', 'g'),
    { provider: 'garmin', externalId: 'g', type: 'epochs', data: { epochs: [epoch] }, receivedAt: FIRST },
  ]);
  expect(await refused(of)).toEqual([]);
  expect(await of.query("select value from observations where metric = 'wheelchair_pushes'")).toEqual([{ value: 240 }]);
});

test('what stood before a format changed goes on standing', async () => {
  const of = await tables([
    ...people,
    ring('daily_readiness', [ready({ score: 80 })], FIRST),
    ring('daily_readiness', [ready({ readiness_score: 81 })], AGAIN),
    scale(weight('value'), FIRST),
    scale(weight('reading'), AGAIN, { modified: 1_794_400_000 }),
  ]);
  expect(await of.query('select name, value from scores')).toEqual([{ name: 'oura.readiness', value: 80 }]);
  // 80094 x 10^-3
  expect(Object.values(await daily(of, 'weight_kg'))).toEqual([80.094]);
  expect(await refused(of)).toEqual(['missing_field /body/measuregrps/0/measures/0', 'missing_field /data/0']);
});

test('what is refused leaves the quarantine when the record comes whole', async () => {
  const of = await tables([
    ...people,
    ring('daily_readiness', [ready({ readiness_score: 81 })], FIRST),
    ring('daily_readiness', [ready({ score: 81 })], AGAIN),
  ]);
  expect(await of.query('select value from scores')).toEqual([{ value: 81 }]);
  expect(await refused(of)).toEqual([]);
});

test('a row of a phone without any field its name is read by is refused, of an unknown name it is counted', async () => {
  const row = { date: '2026-11-10 07:30:00 +0000', quantity: 5, source: 'iPhone' };
  const of = await tables(
    apart([
      apple('step_count', 'count', [row], FIRST),
      apple('time_in_daylight', 'min', [row], FIRST),
      apple('heart_rate', 'count/min', [{ ...row, Avg: 60 }], FIRST),
    ]),
  );
  expect(await of.query('select user_id, rule, detail from quarantine')).toEqual([
    {
      user_id: 'u_0',
      rule: 'missing_field',
      detail: 'the format has changed, what is always there is missing: qty',
    },
  ]);
});

/** No recorded answer holds one. */
const UNRECORDED = [
  'garmin.activities startTimeInSeconds',
  'garmin.activities durationInSeconds',
  'withings.sleep-get enddate',
  'withings.sleep-get state',
];

test('each field that is required is missed where a recorded record is without it, and not before', async () => {
  const lines = REQUIRED.filter(({ type, field }) => !UNRECORDED.includes(`${type} ${field}`));
  const cases = lines.flatMap((line) => {
    const found = recordedWithout(line);
    return found === undefined ? [] : [{ name: `${line.type} ${line.field}`, field: line.field, ...found }];
  });
  expect(cases).toHaveLength(lines.length);

  const whole = await tables(apart(cases.map((one) => one.whole)));
  expect(await whole.query(`select type, detail from quarantine where rule = 'missing_field'`)).toEqual([]);
  const of = await tables(apart(cases.map((one) => one.without)));
  const rows = await of.query(`select user_id, detail from quarantine where rule = 'missing_field'`);
  const missed = cases.filter(({ field }, at) =>
    rows.some((row) => row['user_id'] === `u_${at}` && String(row['detail']).split(/[ ,]+/).includes(field)),
  );
  const unidentified = ['withings.getmeas type'];
  expect(cases.map(({ name }) => name).filter((name) => !missed.some((one) => one.name === name))).toEqual(
    unidentified,
  );
});
