import { expect, test } from 'vitest';
import { openLake } from '../support/lake.ts';
import { MODELS, type Payload } from '../support/transform.ts';
import { at, apart, daily, garmin, person, refused, tables } from './deliveries.ts';

const RECEIVED = '2026-11-11T08:00:00Z';
const day = {
  calendarDate: '2026-11-10',
  startTimeInSeconds: at('2026-11-09T23:00:00Z'),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 86400,
  steps: 5,
};
const row = { date: '2026-11-10 07:30:00 +0100', qty: 5 };
const sent = (provider: string, type: string, data: unknown): Payload => ({
  provider,
  externalId: 'x',
  type,
  data,
  receivedAt: RECEIVED,
});
const dailies = (data: unknown) => sent('garmin', 'dailies', data);
const metrics = (data: unknown) => sent('apple', 'metrics', data);

const wrong = [
  [dailies({ dailies: day }), '/dailies'],
  [dailies({ dailies: 'none' }), '/dailies'],
  [dailies([day]), ''],
  [dailies({ dailies: [{ ...day, timeOffsetHeartRateSamples: [60, 61] }] }), '/dailies/0/timeOffsetHeartRateSamples'],
  [sent('garmin', 'sleeps', { sleeps: [{ startTimeInSeconds: 5, naps: 1 }] }), '/sleeps/0/naps'],
  [metrics({ data: { metrics: [{ name: 'step_count', units: 'count', data: row }] } }), '/data/metrics/0/data'],
  [metrics({ data: { metrics: { name: 'step_count' } } }), '/data/metrics'],
  [metrics({ data: { metrics: ['step_count'] } }), '/data/metrics/0'],
  [metrics({ data: [{ metrics: [] }] }), '/data'],
] as const;

test('what stands where a list or a map should be is refused, with its place and its text', async () => {
  const of = await tables(apart(wrong.map(([payload]) => payload)));
  const found = await of.query(`select user_id, pointer from quarantine where rule = 'unexpected_shape'`);
  const places = new Map(found.map((refusal) => [refusal['user_id'], refusal['pointer']]));
  expect(found).toHaveLength(wrong.length);
  wrong.forEach(([, pointer], index) => expect(places.get(`u_${index}`)).toBe(pointer));
  expect(await of.query(`select distinct text from quarantine where user_id = 'u_1'`)).toEqual([{ text: '"none"' }]);
  // it is no record: of these objects only one daily and one sleep were read
  expect(
    await of.query(`select type, n_records from raw_objects where n_records > 0 and provider = 'garmin' order by type`),
  ).toEqual([
    { type: 'garmin.dailies', n_records: 1 },
    { type: 'garmin.sleeps', n_records: 1 },
  ]);
});

test('a batch that refuses it is published all the same', async () => {
  const lake = openLake({ models: MODELS });
  expect(await lake.batch(apart([dailies({ dailies: 'none' })]))).toMatchObject({ published: true, quarantined: 1 });
});

test('what is empty or missing holds nothing to refuse', async () => {
  const empty = [
    dailies({ dailies: [] }),
    dailies({ dailies: {} }),
    dailies({ dailies: null }),
    dailies({}),
    dailies([]),
    metrics({ data: { metrics: [{ name: 'step_count', units: 'count', data: [] }] } }),
    metrics({ data: {} }),
  ];
  const of = await tables(apart(empty));
  expect(await refused(of)).toEqual([]);
  expect(await of.query(`select distinct state, n_records from raw_objects where provider <> 'wellspring'`)).toEqual([
    { state: 'processed', n_records: 0 },
  ]);
});

test('an element that is no object is one refusal', async () => {
  const of = await tables([...person(), { ...dailies({ dailies: [5, day] }), externalId: 'g' }]);
  expect(await refused(of)).toEqual(['missing_field /dailies/0']);
  expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 5 });
});

test('the rest of the object is used', async () => {
  const of = await tables([...person(), garmin('dailies', [{ ...day, timeOffsetHeartRateSamples: 'none' }], RECEIVED)]);
  expect(await refused(of)).toEqual(['unexpected_shape /dailies/0/timeOffsetHeartRateSamples']);
  expect(await daily(of, 'steps')).toEqual({ '2026-11-10': 5 });
});
