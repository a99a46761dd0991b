import { expect, test } from 'vitest';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import type { Payload } from '../../../support/raw.ts';
import { MODELS } from '../../../support/transform.ts';

/** What is sent, of an account named later. */
type Sent = Omit<Payload, 'externalId' | 'account'>;

/** Statements in batches by days, and what a query over the rows of this person alone then answers. */
interface Case {
  readonly name: string;
  readonly batches: readonly (readonly Sent[])[];
  readonly sql: string;
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

const PROVIDERS = ['garmin', 'withings', 'apple', 'myfitnesspal', 'oura'];
const at = (iso: string): number => Date.parse(iso) / 1000;
const hour = (n: number): string => `2026-11-10T${String(n).padStart(2, '0')}:00:00Z`;

const sleep = (from: string, to: string, receivedAt: string, more: object = {}): Sent => {
  const [startTimeInSeconds, end] = [at(from), at(to)];
  const record = {
    startTimeInSeconds,
    startTimeOffsetInSeconds: 0,
    durationInSeconds: end - startTimeInSeconds,
    ...more,
  };
  return { provider: 'garmin', type: 'sleeps', data: { sleeps: [record] }, receivedAt };
};
const withings = (type: string, series: readonly object[], receivedAt: string): Sent => ({
  provider: 'withings',
  type,
  data: { status: 0, body: { series } },
  receivedAt,
});
const steps = (date: string, qty: number, receivedAt: string, aggregation?: string): Sent => ({
  provider: 'apple',
  type: 'metrics',
  data: { data: { metrics: [{ name: 'step_count', units: 'count', data: [{ date, qty, source: 'Phone' }] }] } },
  receivedAt,
  ...(aggregation === undefined ? {} : { attributes: { aggregation } }),
});
const eaten = (day: string, meal: string, receivedAt: string, more: Partial<Sent> = {}): Sent => ({
  provider: 'myfitnesspal',
  type: 'nutrition',
  data: { rows: [{ Date: day, Meal: meal, Calories: '500' }] },
  receivedAt,
  deliveryId: `d${receivedAt}`,
  ...more,
});
const nap = (minutes: number): object => ({
  naps: [
    { napStartTimeInSeconds: at('2026-09-25T12:00:00Z'), napDurationInSeconds: minutes * 60, napOffsetInSeconds: 0 },
  ],
});

const CASES: readonly Case[] = [
  {
    name: 'a summary dated elsewhere ends the night made of the stages it overlaps',
    batches: [
      [
        withings(
          'sleep-get',
          [{ startdate: at('2026-10-10T00:00:00Z'), enddate: at('2026-10-10T04:00:00Z'), state: 1 }],
          hour(1),
        ),
      ],
      [
        withings(
          'sleep-getsummary',
          [
            {
              id: 8,
              date: '2026-09-23',
              timezone: 'UTC',
              startdate: at('2026-10-10T00:00:00Z'),
              enddate: at('2026-10-10T05:00:00Z'),
              modified: 200,
              data: { total_sleep_time: 14_000 },
            },
          ],
          hour(2),
        ),
      ],
    ],
    sql: 'select local_date from sleep_sessions',
    expected: [{ local_date: '2026-09-23' }],
  },
  {
    name: 'a day no calendar has is covered like any other, by a statement that names it',
    batches: [[eaten('2026-09-31', 'Lunch', hour(1))], [eaten('2026-09-31', 'Dinner', hour(2))]],
    sql: 'select first_seen from quarantine',
    // the lunch of the first statement is displaced: the dinner alone is refused
    expected: [{ first_seen: '2026-11-10T02:00:00.000Z' }],
  },
  {
    name: 'a day no calendar has is covered like any other, by a range',
    batches: [
      [eaten('2026-09-31', 'Lunch', hour(1))],
      [eaten('2026-10-02', 'Dinner', hour(2), { coversFrom: '2026-09-28', coversTo: '2026-10-04' })],
    ],
    sql: 'select first_seen from quarantine',
    expected: [],
  },
  {
    name: 'what a statement of a range took away stays away when a day of it is made anew',
    batches: [
      [eaten('2026-10-02', 'Lunch', hour(1))],
      [eaten('2026-09-05', 'Dinner', hour(2), { coversFrom: '2026-09-01', coversTo: '2026-10-04' })],
      // Of the same day, and nothing of the range is near it
      [steps('2026-10-02 08:00:00 +0000', 5, hour(3), 'Hours')],
    ],
    sql: 'select meal from meals',
    expected: [{ meal: 'Dinner' }],
  },
  {
    name: 'a statement older than that of a range which covers its day comes late, and says nothing any more',
    batches: [
      [eaten('2026-09-05', 'Dinner', hour(2), { coversFrom: '2026-09-01', coversTo: '2026-10-04' })],
      [eaten('2026-10-02', 'Lunch', hour(1))],
    ],
    sql: 'select meal from meals',
    expected: [{ meal: 'Dinner' }],
  },
  {
    name: 'a copy that makes a page of an older delivery leaves the newer page of its own alone',
    batches: [
      [
        eaten('2026-09-25', 'Snack', hour(2), { deliveryId: 'D1' }),
        eaten('2026-10-15', 'Lunch', hour(6), { deliveryId: 'D1' }),
        eaten('2026-10-15', 'Dinner', hour(4), { deliveryId: 'D2' }),
      ],
      [eaten('2026-09-25', 'Snack', '2026-11-09T20:00:00Z', { deliveryId: 'D0' })],
    ],
    // D1 was as old as the snack (2:00) and D2 (4:00) covered its lunch; without the snack it is of 6:00 and covers D2
    sql: `select meal from meals where local_date = date '2026-10-15'`,
    expected: [{ meal: 'Lunch' }],
  },
  {
    name: 'what was refused for its date is no longer refused once it is overlapped',
    batches: [
      [sleep('2026-10-10T22:00:00Z', '2026-10-11T06:00:00Z', hour(1), { calendarDate: 'soon' })],
      [sleep('2026-10-10T23:00:00Z', '2026-10-11T06:00:00Z', hour(2))],
    ],
    sql: 'select first_seen from quarantine',
    expected: [],
  },
  {
    name: 'a nap another one hid stands when the night that told the other is displaced',
    batches: [
      [
        sleep('2026-09-24T22:00:00Z', '2026-09-25T06:00:00Z', hour(4), nap(30)),
        sleep('2026-10-20T22:00:00Z', '2026-10-21T06:00:00Z', hour(2), nap(40)),
      ],
      [sleep('2026-09-24T23:00:00Z', '2026-09-25T06:00:00Z', hour(6))],
    ],
    // 40 minutes
    sql: `select end_utc from sleep_sessions where start_utc = timestamp '2026-09-25 12:00:00'`,
    expected: [{ end_utc: '2026-09-25T12:40:00.000Z' }],
  },
  {
    name: 'a sample that is a field of its record is read again when its day is touched',
    batches: [
      [
        {
          provider: 'oura',
          type: 'heartrate',
          data: { data: [{ timestamp: '2026-10-10T10:00:00Z', bpm: 67, source: 'awake' }] },
          receivedAt: hour(1),
        },
      ],
      [steps('2026-10-10 08:00:00 +0000', 5, hour(2), 'Hours')],
    ],
    sql: `select value from daily_metrics where metric = 'heart_rate_bpm'`,
    expected: [{ value: 67 }],
  },
  {
    name: 'hours hidden in what was taken for a day count once it is an hour',
    batches: [
      [
        steps('2026-10-10 00:00:00 +0000', 1000, hour(1)),
        steps('2026-10-10 08:00:00 +0000', 8, hour(1), 'Hours'),
        steps('2026-10-10 09:00:00 +0000', 9, hour(1), 'Hours'),
      ],
      [steps('2026-10-10 11:00:00 +0000', 99, hour(2))],
    ],
    // 1000 + 8 + 9 + 99
    sql: `select value from daily_metrics where metric = 'steps'`,
    expected: [{ value: 1116 }],
  },
  {
    name: 'one instant told with another offset is of another day, and of no other any more',
    batches: [
      [steps('2026-10-10 08:00:00 +0000', 1000, hour(1), 'Hours')],
      // 99 hours later on that clock, and the same instant
      [steps('2026-10-14 11:00:00 +9900', 5, hour(2), 'Hours')],
    ],
    sql: `select local_date, value from daily_metrics where metric = 'steps'`,
    expected: [{ local_date: '2026-10-14', value: 5 }],
  },
];

const facts = (n: number): Payload[] => [
  userFact(`u_${n}`, { zone: 'UTC' }),
  ...PROVIDERS.map((provider) => connectionFact(`u_${n}`, provider, `e${n}`)),
];

/** Sends the batches of all cases side by side, each case about a person of its own. */
async function send(lake: Lake): Promise<void> {
  const last = Math.max(...CASES.map(({ batches }) => batches.length));
  for (let step = 0; step < last; step += 1) {
    const sent = CASES.flatMap(({ batches }, n) =>
      (batches[step] ?? []).map((one) => ({ ...one, externalId: `e${n}` })),
    );
    await lake.batch(step === 0 ? [...CASES.flatMap((_, n) => facts(n)), ...sent] : sent);
  }
}

test('days by themselves leave what one batch over everything leaves, whatever came hidden, undated or far from its date', async () => {
  const lake = openLake({ models: MODELS, daysFrom: 0 });
  await send(lake);
  for (const [n, { name, sql, expected }] of CASES.entries()) {
    const [select, ...conditions] = sql.split(' where ');
    const where = [`user_id = 'u_${n}'`, ...conditions].join(' and ');
    expect.soft(await lake.query(`${select} where ${where}`), name).toEqual(expected);
  }
  expect(await lake.compare()).toEqual([]);
});

const of = (one: Sent): Payload => ({ ...one, externalId: 'e0' });

test('a day of the year 9999 hides no day of today', async () => {
  const far = openLake({ models: MODELS, daysFrom: 0 });
  await far.batch([...facts(0), of(steps('2026-10-10 08:00:00 +0000', 6, hour(1), 'Hours'))]);
  await far.batch([of(eaten('9999-12-30', 'Lunch', hour(2))), of(eaten('2026-10-10', 'Lunch', hour(3)))]);
  expect(await far.query(`select value from daily_metrics where metric = 'steps'`)).toEqual([{ value: 6 }]);
});

const walked = (receivedAt: string): Payload => ({
  ...steps('2026-10-10 08:00:00 +0000', 6, receivedAt, 'Hours'),
  externalId: 'e0',
});

test('an earlier copy that makes a payload another person of the same account leaves nothing with the one it was of', async () => {
  const lake = openLake({ models: MODELS, daysFrom: 0 });
  const [before, change, after] = ['2026-11-06T00:00:00Z', '2026-11-07T00:00:00Z', '2026-11-10T00:00:00Z'];
  await lake.batch([
    ...facts(0),
    userFact('u_1', { zone: 'UTC' }),
    connectionFact('u_0', 'apple', 'e0', { at: Date.parse(change), state: 'revoked' }),
    connectionFact('u_1', 'apple', 'e0', { at: Date.parse(change) + 1 }),
    walked(after),
  ]);
  await lake.batch([walked(before)]);
  expect(await lake.query(`select user_id, value from daily_metrics`)).toEqual([{ user_id: 'u_0', value: 6 }]);
});
