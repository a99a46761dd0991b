import { describe, expect, test } from 'vitest';
import { accountOf } from '../../providers/kit/account.ts';
import { openLake } from '../support/lake.ts';
import { MODELS, type Payload } from '../support/transform.ts';
import { at, garmin, person, retraction, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const START = at(`${DAY}T02:00:00Z`);

const activity = (id: number, meters: number, receivedAt: string): Payload =>
  garmin(
    'activities',
    [
      {
        activityId: id,
        activityType: 'RUNNING',
        startTimeInSeconds: START + id * 3600,
        startTimeOffsetInSeconds: 3600,
        durationInSeconds: 1800,
        distanceInMeters: meters,
      },
    ],
    receivedAt,
  );

const sleep = (
  startsAt: number,
  durationInSeconds: number,
  receivedAt: string,
  naps: readonly object[] = [],
): Payload =>
  garmin(
    'sleeps',
    [{ startTimeInSeconds: startsAt, startTimeOffsetInSeconds: 3600, durationInSeconds, naps }],
    receivedAt,
  );

const METERS = 'select distance_m from workouts order by start_utc';
const NIGHTS = 'select asleep_s, is_nap from sleep_sessions order by start_utc';

const meters = async (payloads: readonly Payload[]) =>
  (await (await tables([...person(), ...payloads])).query(METERS)).map((row) => row['distance_m']);

const FIRST = activity(1, 5000, '2026-11-11T08:00:00Z');
const SECOND = activity(2, 7000, '2026-11-11T08:00:00Z');

describe('a record the provider deleted', () => {
  test('does not stand, those beside it do', async () => {
    expect(await meters([FIRST, SECOND])).toEqual([5000, 7000]);
    expect(await meters([FIRST, SECOND, retraction('2026-11-12T00:00:00Z', [1])])).toEqual([7000]);
  });

  test('goes with all its versions received before, and stands again when it is stated after', async () => {
    const edited = activity(1, 5100, '2026-11-11T20:00:00Z');
    const gone = retraction('2026-11-12T00:00:00Z', [1]);
    expect(await meters([FIRST, edited, gone])).toEqual([]);
    expect(await meters([FIRST, edited, gone, activity(1, 6000, '2026-11-12T00:00:00Z')])).toEqual([6000]);
    expect(await meters([FIRST, edited, activity(1, 6000, '2026-11-11T23:59:59Z'), gone])).toEqual([]);
  });

  test('is that one of its account and type alone', async () => {
    const elsewhere = [
      retraction('2026-11-12T00:00:00Z', [1], { account: accountOf('garmin', 'other') }),
      retraction('2026-11-12T00:00:00Z', [1], { type: 'garmin.sleeps' }),
      retraction('2026-11-12T00:00:00Z', [11, '1"', ' 1', '']),
    ];
    expect(await meters([FIRST, SECOND, ...elsewhere])).toEqual([5000, 7000]);
  });

  test('stands when the retraction does not say which one it is: that is refused', async () => {
    const effective = '2026-11-12T00:00:00Z';
    const records = [{ account: accountOf('garmin', 'g'), type: 'garmin.activities', id: '1' }];
    const nameless = { ...retraction(effective, []), data: { effective_at: Date.parse(effective), records } };
    const of = await tables([...person(), FIRST, nameless]);
    expect(await of.query(METERS)).toEqual([{ distance_m: 5000 }]);
    expect(await of.query(`select type, rule from quarantine`)).toEqual([
      { type: 'wellspring.retraction', rule: 'missing_field' },
    ]);
  });

  test('takes with it what was read from it', async () => {
    const nap = {
      napStartTimeInSeconds: START + 12 * 3600,
      napDurationInSeconds: 1200,
      napOffsetInSeconds: 3600,
      napValidation: 'DEVICE',
    };
    const night = sleep(START, 18_000, '2026-11-11T08:00:00Z', [nap]);
    const before = await tables([...person(), night]);
    expect(await before.query(NIGHTS)).toEqual([
      { asleep_s: 18_000, is_nap: false },
      { asleep_s: 1200, is_nap: true },
    ]);
    const gone = retraction('2026-11-12T00:00:00Z', [START], { type: 'garmin.sleeps' });
    expect(await (await tables([...person(), night, gone])).query(NIGHTS)).toEqual([]);
  });

  test('displaces nothing any more: what it had displaced stands again', async () => {
    const night = sleep(START, 18_000, '2026-11-11T08:00:00Z');
    const edited = sleep(START + 600, 17_000, '2026-11-11T09:00:00Z');
    expect(await (await tables([...person(), night, edited])).query(NIGHTS)).toEqual([
      { asleep_s: 17_000, is_nap: false },
    ]);
    const gone = retraction('2026-11-12T00:00:00Z', [START + 600], { type: 'garmin.sleeps' });
    expect(await (await tables([...person(), night, edited, gone])).query(NIGHTS)).toEqual([
      { asleep_s: 18_000, is_nap: false },
    ]);
  });
});

describe('batch by batch', () => {
  const GONE = retraction('2026-11-12T00:00:00Z', [1]);
  const AGAIN = activity(1, 6000, '2026-11-13T08:00:00Z');

  test('the record goes with the batch of its deletion and comes back with its restatement, as a rebuild says', async () => {
    const lake = openLake({ models: MODELS });
    await lake.batch([...person(), FIRST, SECOND]);
    expect((await lake.batch([GONE])).users).toEqual(['u_a']);
    expect(await lake.query(METERS)).toEqual([{ distance_m: 7000 }]);
    await lake.batch([AGAIN]);
    expect(await lake.query(METERS)).toEqual([{ distance_m: 6000 }, { distance_m: 7000 }]);
    expect(await lake.compare()).toEqual([]);
  });

  test('a deletion of nobody in particular touches whose account it names, and may come before the record', async () => {
    const lake = openLake({ models: MODELS });
    const stack = { ...GONE, externalId: 'stack' };
    await lake.batch([...person(), SECOND]);
    expect((await lake.batch([stack])).users).toEqual(['u_a']);
    await lake.batch([FIRST]);
    expect(await lake.query(METERS)).toEqual([{ distance_m: 7000 }]);
    expect(await lake.compare()).toEqual([]);
  });
});
