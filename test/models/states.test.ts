import { expect, test } from 'vitest';
import { at, garmin, person, tables } from './deliveries.ts';

const RECEIVED = '2026-11-11T08:00:00Z';

test('a retraction, which is nobody’s, is processed as every fact of our own', async () => {
  const retraction = {
    provider: 'wellspring',
    externalId: 'stack',
    type: 'retraction',
    receiver: 'self',
    receivedAt: RECEIVED,
    data: { effective_at: Date.parse(RECEIVED), sequence: 99_999, raw_keys: [] },
  };
  const of = await tables([...person(), retraction]);
  expect(await of.query(`select distinct state from raw_objects where provider = 'wellspring'`)).toEqual([
    { state: 'processed' },
  ]);
});

test('a time that cannot be shows the text it stands in, cut, without its tokens', async () => {
  const epoch = {
    userAccessToken: 'hush',
    startTimeInSeconds: at('2026-11-20T00:00:00Z'),
    durationInSeconds: 900,
    activityType: 'W'.repeat(300),
    steps: 5,
  };
  const of = await tables([...person(), garmin('epochs', [epoch], RECEIVED)]);
  const [row] = await of.query('select rule, pointer, text from quarantine');
  expect(row).toMatchObject({ rule: 'implausible_time', pointer: '/epochs/0' });
  // 2026-11-20T00:00:00Z
  expect(row?.['text']).toContain('"startTimeInSeconds":1795132800');
  expect(row?.['text']).not.toContain('hush');
  expect(String(row?.['text'])).toHaveLength(200);
});

test('a record with a time that cannot be is refused also when it holds no value', async () => {
  const activity = { activityId: 1, startTimeInSeconds: at('2026-11-20T00:00:00Z'), activityType: 'RUNNING' };
  const of = await tables([...person(), garmin('activities', [activity], RECEIVED)]);
  expect(await of.query('select * from workouts')).toEqual([]);
  expect(await of.query('select rule, pointer from quarantine')).toEqual([
    { rule: 'implausible_time', pointer: '/activities/0' },
  ]);
});
