import { expect, test } from 'vitest';
import { addDays } from '../../app/days.ts';
import type { Payload } from '../support/transform.ts';
import { apple, garmin, person, tables } from './deliveries.ts';

const RECEIVED = '2026-06-01T08:00:00Z';
const MONDAY = '2026-03-02';
/** `x` days after that Monday. */
const day = (x: number): string => addDays(MONDAY, x);

const steps = (values: Readonly<Record<string, number>>): Payload =>
  garmin(
    'dailies',
    Object.entries(values).map(([calendarDate, value]) => ({ calendarDate, steps: value })),
    RECEIVED,
  );

const pulses = (values: readonly (readonly [number, number])[]): Payload =>
  garmin(
    'dailies',
    values.map(([x, bpm]) => ({ calendarDate: day(x), restingHeartRateInBeatsPerMinute: bpm })),
    RECEIVED,
  );

async function weeks(payloads: readonly Payload[], columns: string) {
  const of = await tables([...person(), ...payloads]);
  return of.query(
    `select ${columns} from (select * replace (cast(week as varchar) as week) from trends_weekly) order by metric, week`,
  );
}

/** 5,000 steps a day in the first week, 1,000 more a day in each after it, for five weeks. */
const RISING = Object.fromEntries(
  Array.from({ length: 35 }, (_, x) => [day(x), 5000 + 1000 * Math.floor(x / 7)] as const),
);

test('a week is told beside the four before it, and the line through four weeks is that of least squares', async () => {
  // A pulse of the Monday after: the last day is over.
  const rows = await weeks([steps(RISING), pulses([[35, 50]])], '*');
  // Before: 5, 6, 7 and 8 thousand, as many days of each: 6,500. Change 9,000 - 6,500 = 2,500; 2,500 / 6,500 = 38.46 %.
  // The line: x = 0..27, y = 6000, 7000, 8000, 9000 by week. Sum of (x - 13.5)^2 = 28 * (28^2 - 1) / 12 = 1827; the sum of x - 13.5 over
  // week j is 7 * (7j + 3 - 13.5) = -73.5, -24.5, 24.5, 73.5; times 0, 1000, 2000, 3000: 245,000. Slope 245,000 / 1827.
  // Week 5 ends on 5 April at midnight in Paris, which is on summer time since 29 March: 22:00Z, and 72 hours.
  expect(rows.at(-1)).toEqual({
    user_id: 'u_a',
    week: '2026-03-30',
    metric: 'steps',
    unit: 'count',
    direction: 'rising',
    n_days: 7,
    mean: 9000,
    n_before: 28,
    mean_before: 6500,
    change: 2500,
    change_pct: expect.closeTo(38.461538, 6),
    n_line: 28,
    slope_per_day: expect.closeTo(245_000 / 1827, 9),
    sentence: 'Steps: 2,500 more a day than in the four weeks before (38 %), rising over four weeks.',
    final_at: '2026-04-08T22:00:00.000Z',
  });
});

test('a first week has nothing to compare, and two weeks no line yet: thirteen days from the first to the last', async () => {
  const rows = await weeks([steps(RISING)], 'week, n_before, mean_before, change, n_line, slope_per_day, sentence');
  expect(rows[0]).toEqual({
    week: '2026-03-02',
    n_before: 0,
    mean_before: null,
    change: null,
    n_line: 7,
    slope_per_day: null,
    sentence: 'Steps: too few days in the four weeks before to compare.',
  });
  expect(rows[1]).toMatchObject({ n_before: 7, mean_before: 5000, change: 1000, n_line: 14, slope_per_day: null });
  // x = 0..20: squares 21 * (21^2 - 1) / 12 = 770; sums of x - 10 by week 7 * (7j + 3 - 10) = -49, 0, 49; times 0, 1000, 2000: 98,000.
  expect(rows[2]).toMatchObject({ n_line: 21, slope_per_day: expect.closeTo(98_000 / 770, 9) });
});

test('of weight the first value of a day counts; four days, fourteen from first to last, make a line', async () => {
  // A straight line of -0.05 kg a day: 80, 79.65, 79.5, 79.3 on days 0, 7, 10 and 14; every evening says 82.
  const weighed = [0, 7, 10, 14].flatMap((x) => [
    { date: `${day(x)} 07:00:00 +0100`, qty: 80 - 0.05 * x, source: 'Scale' },
    { date: `${day(x)} 21:00:00 +0100`, qty: 82, source: 'Scale' },
  ]);
  const columns = 'week, direction, n_days, mean, n_before, change, n_line, slope_per_day, sentence';
  const rows = await weeks([apple('weight_body_mass', 'kg', weighed, RECEIVED)], columns);
  expect(rows).toHaveLength(3);
  expect(rows.at(-1)).toEqual({
    week: '2026-03-16',
    direction: 'falling',
    n_days: 1,
    mean: 79.3,
    n_before: 3,
    change: null,
    n_line: 4,
    slope_per_day: -0.05,
    sentence: 'Weight: too few days in the four weeks before to compare, falling over four weeks.',
  });
});

test('what goes up and down is steady: the slope is less than twice its standard error', async () => {
  const beats = [
    [0, 50],
    [7, 52],
    [14, 50],
    [21, 52],
    [28, 50],
  ] as const;
  const columns = 'week, direction, slope_per_day, change, change_pct, sentence';
  const rows = await weeks([pulses(beats)], columns);
  // Days 0, 7, 14, 21: squares 2 * (10.5^2 + 3.5^2) = 245; products 2 * 10.5 - 2 * 3.5 = 14; slope 14 / 245. Square of slope over its
  // error: 14^2 * (4 - 2) / (245 * 4 - 14^2) = 392 / 784 = 0.5, and 4 would be wanted.
  expect(rows[3]).toMatchObject({ direction: 'steady', slope_per_day: expect.closeTo(14 / 245, 12) });
  // Before the last: 51 on average of four days; 50 - 51 = -1, of 51 that is 1.96 %. The line of 52, 50, 52, 50 is the same, downwards.
  expect(rows[4]).toEqual({
    week: '2026-03-30',
    direction: 'steady',
    slope_per_day: expect.closeTo(-14 / 245, 12),
    change: -1,
    change_pct: expect.closeTo(-100 / 51, 9),
    sentence: 'Resting heart rate: 1 bpm lower than in the four weeks before (2 %), steady over four weeks.',
  });
});

test('a holiday without data leaves weeks out and breaks none: weeks older than four say nothing of this one', async () => {
  const walked = (x: number, value: number) => Array.from({ length: 7 }, (_, n) => [day(x + n), value] as const);
  // Weeks 1, 2 and 6: the sixth is compared with the second alone. That the Sundays before and after the gap were over no later day of their week after says.
  const rows = await weeks(
    [steps(Object.fromEntries([...walked(0, 1000), ...walked(7, 4000), ...walked(35, 6000)]))],
    'week, n_before, mean_before, n_line',
  );
  expect(rows).toEqual([
    { week: day(0), n_before: 0, mean_before: null, n_line: 7 },
    { week: day(7), n_before: 7, mean_before: 1000, n_line: 13 },
    { week: day(35), n_before: 6, mean_before: 4000, n_line: 6 },
  ]);
});

const LATELY = 'metric, week, n_days, mean, change, change_pct, n_line, sentence';

test('of the day that runs a pulse counts and steps do not: they are counted once there is a later day', async () => {
  const daysBefore = steps(Object.fromEntries(Object.entries(RISING).filter(([date]) => date !== day(34))));
  const morning = { calendarDate: day(34), steps: 100, restingHeartRateInBeatsPerMinute: 50 };
  const before = await weeks([daysBefore, garmin('dailies', [morning], RECEIVED)], LATELY);
  expect(before[0]).toMatchObject({ metric: 'resting_heart_rate_bpm', week: day(28), n_days: 1, mean: 50 });
  // Six days of 9,000 beside 6,500: 2,500, of 6,500 that is 38.46 %. The four weeks have 28 days, the one that runs among them.
  expect(before.at(-1)).toEqual({
    metric: 'steps',
    week: day(28),
    n_days: 6,
    mean: 9000,
    change: 2500,
    change_pct: expect.closeTo(38.461538, 6),
    n_line: 27,
    sentence: 'Steps: 2,500 more a day than in the four weeks before (38 %), rising over four weeks.',
  });
  // The same day is over: (6 x 9,000 + 100) / 7 = 7,728.57, less 6,500 is 1,228.57, of 6,500 that is 18.90 %.
  const after = await weeks([daysBefore, garmin('dailies', [morning], RECEIVED), pulses([[35, 51]])], LATELY);
  expect(after.at(-1)).toMatchObject({
    n_days: 7,
    mean: expect.closeTo(54_100 / 7, 6),
    change: expect.closeTo(8600 / 7, 6),
    n_line: 28,
    sentence: expect.stringMatching(/^Steps: 1,229 more a day than in the four weeks before \(19 %\), /),
  });
});

test('a week of which nothing but the running day is known has no row of what adds up, until one of seven days follows', async () => {
  const monday = { [day(35)]: 300 };
  const weekOf = async (...later: Payload[]) =>
    (await weeks([steps({ ...RISING, ...monday }), ...later], 'metric, week, n_days')).filter(
      ({ metric, week }) => metric === 'steps' && week === day(35),
    );
  expect(await weekOf()).toEqual([]);
  expect(await weekOf(pulses([[43, 50]]))).toEqual([]);
  expect(await weekOf(pulses([[42, 50]]))).toEqual([{ metric: 'steps', week: day(35), n_days: 1 }]);
});

/** Five weeks of days of one value, the last week of another. */
const toldBy = (name: string, units: string, before: number, last: number): Payload =>
  apple(
    name,
    units,
    Array.from({ length: 35 }, (_, x) => ({
      date: `${day(x)} 12:00:00 +0000`,
      qty: x < 28 ? before : last,
      source: 'Watch',
    })),
    RECEIVED,
    'Days',
  );

test('sentences say minutes, digits as the metric is shown with, and nothing where rounding leaves nothing', async () => {
  const rows = await weeks(
    [
      // 30 minutes, then 45: 15 of 30 is 50 %.
      toldBy('apple_exercise_time', 'min', 30, 45),
      // 97 and 96 of a hundred: points, and no share of a share.
      toldBy('blood_oxygen_saturation', '%', 97, 96),
      // 0.04 kg is nothing with one digit.
      toldBy('weight_body_mass', 'kg', 80, 80.04),
      // 1.1 of 36.6 is 3 %.
      toldBy('body_temperature', 'degC', 36.6, 37.7),
    ],
    'metric, sentence, week',
  );
  const said = rows.filter((row) => row['week'] === day(28)).map((row) => String(row['sentence']).split(',')[0]);
  expect(said).toEqual([
    'Body temperature: 1.1 °C higher than in the four weeks before (3 %)',
    'Exercise time: 15 min more a day than in the four weeks before (50 %)',
    'Blood oxygen saturation: 1 point lower than in the four weeks before',
    'Weight: as in the four weeks before',
  ]);
});

test('every unit of a metric has its words', async () => {
  const of = await tables([]);
  expect(await of.query('select unit from metrics where unit not in (select unit from unit_words)')).toEqual([]);
  expect(await of.query('select unit from unit_words group by unit having count(*) > 1')).toEqual([]);
});
