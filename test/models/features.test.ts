import { expect, test } from 'vitest';
import { addDays } from '../../app/days.ts';
import type { Payload } from '../support/transform.ts';
import { at, garmin, person, tables } from './deliveries.ts';

const RECEIVED = '2026-06-01T08:00:00Z';
/** A Monday; Paris goes to summer time on the 29th. */
const FIRST = '2026-03-02';
const day = (x: number): string => addDays(FIRST, x);

interface Day {
  readonly steps?: number;
  readonly kcal?: number;
  readonly asleepS?: number;
}

/** What a watch says of day `x`. */
const told = (x: number, { steps, kcal, asleepS }: Day): readonly Payload[] => [
  garmin(
    'dailies',
    [
      {
        calendarDate: day(x),
        ...(steps !== undefined && { steps }),
        ...(kcal !== undefined && { activeKilocalories: kcal }),
      },
    ],
    RECEIVED,
  ),
  ...(asleepS === undefined
    ? []
    : [
        garmin(
          'sleeps',
          [{ calendarDate: day(x), startTimeInSeconds: at(`${day(x)}T00:00:00Z`), durationInSeconds: asleepS }],
          RECEIVED,
        ),
      ]),
];

async function features(payloads: readonly Payload[], columns: string, until = '2026-12-31') {
  const of = await tables([...person(), ...payloads]);
  return of.query(
    `select ${columns} from (select * replace (cast(local_date as varchar) as local_date) from features_daily)
     where local_date <= '${until}' order by local_date`,
  );
}

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, x) => x);

test('lags and means are of the days before, and the day after the last has a row of its own', async () => {
  // Steps of day x: 1,000 x.
  const rows = await features(
    range(29).flatMap((x) => told(x, { steps: 1000 * x })),
    'local_date, weekday, is_weekend, steps_lag_1, steps_lag_7, steps_mean_7, steps_mean_28, weight_kg_lag_1',
  );
  expect(rows).toHaveLength(30);
  const nothing = { weight_kg_lag_1: null };
  expect(rows[0]).toEqual({
    local_date: '2026-03-02',
    weekday: 1,
    is_weekend: false,
    steps_lag_1: null,
    steps_lag_7: null,
    steps_mean_7: null,
    steps_mean_28: null,
    ...nothing,
  });
  // Three days before are too few, the four days 0 to 3 are enough: 1,500.
  expect(rows[3]).toMatchObject({ steps_lag_1: 2000, steps_mean_7: null });
  expect(rows[4]).toMatchObject({ steps_lag_1: 3000, steps_mean_7: 1500 });
  // Thirteen days are too few for four weeks; days 0 to 13 are fourteen: 6,500.
  expect(rows[13]).toMatchObject({ steps_mean_28: null });
  expect(rows[14]).toMatchObject({ steps_mean_28: 6500 });
  // Day 29, a Tuesday, has no value: days 22 to 28 have a mean of 25,000, days 1 to 28 one of 14,500.
  expect(rows[29]).toEqual({
    local_date: '2026-03-31',
    weekday: 2,
    is_weekend: false,
    steps_lag_1: 28_000,
    steps_lag_7: 22_000,
    steps_mean_7: 25_000,
    steps_mean_28: 14_500,
    ...nothing,
  });
  expect(rows[5]).toMatchObject({ local_date: '2026-03-07', weekday: 6, is_weekend: true });
});

test('sleep debt and load ratio are of the last seven days against the last twenty-eight', async () => {
  // 21 nights of 28,000 s and 21 days of 400 kcal, then 7 of 24,500 s and 500 kcal; the fifth of these nights was not recorded.
  const days = range(28).flatMap((x) => {
    if (x < 21) return told(x, { kcal: 400, asleepS: 28_000 });
    return told(x, x === 25 ? { kcal: 500 } : { kcal: 500, asleepS: 24_500 });
  });
  const rows = await features(days, 'local_date, sleep_total_s_mean_28, sleep_debt_s, load_ratio');
  // 27 nights: (21 * 28,000 + 6 * 24,500) / 27 = 735,000 / 27 = 27,222.2; six nights should have been 163,333.3 and were 147,000: 16,333.3.
  // Load: 500 against (21 * 400 + 7 * 500) / 28 = 425: 1.176.
  expect(rows.at(-1)).toEqual({
    local_date: '2026-03-30',
    sleep_total_s_mean_28: expect.closeTo(735_000 / 27, 6),
    sleep_debt_s: expect.closeTo(49_000 / 3, 5),
    load_ratio: expect.closeTo(500 / 425, 12),
  });
  // After 13 nights nothing is said yet.
  expect(rows[13]).toMatchObject({ sleep_debt_s: null, load_ratio: null });
});

test('nothing of a day or of what comes after it is in its row: another future changes no row until then', async () => {
  const past = range(20).flatMap((x) => told(x, { steps: 5000 + 37 * x, kcal: 300 + x, asleepS: 25_000 + 100 * x }));
  const future = (factor: number, shift: number) =>
    range(25).flatMap((n) =>
      told(20 + shift + n, { steps: 8000 * factor, kcal: 900 * factor, asleepS: 20_000 * factor }),
    );
  const until = day(20);
  const without = await features(past, '*', until);
  expect(without).toHaveLength(21);
  // Three times as much, five days later, and both with the day itself.
  for (const [factor, shift] of [
    [1, 0],
    [3, 0],
    [1, 5],
  ] as const) {
    expect(await features([...past, ...future(factor, shift)], '*', until)).toEqual(without);
  }
});
