import { expect, test } from 'vitest';
import { goalFact } from '../support/facts.ts';
import { MODELS, type Payload } from '../support/transform.ts';
import { openLake } from '../support/lake.ts';
import { garmin, person, tables } from './deliveries.ts';

const RECEIVED = '2026-03-20T08:00:00Z';
const ms = (iso: string): number => Date.parse(iso);

/** Steps of March days, by the day of the month. */
const walked = (values: Readonly<Record<number, number>>, receivedAt = RECEIVED): Payload =>
  garmin(
    'dailies',
    Object.entries(values).map(([n, steps]) => ({ calendarDate: `2026-03-${n.padStart(2, '0')}`, steps })),
    receivedAt,
  );

const STEPS = { metric: 'steps', target: 8000 } as const;

async function goals(payloads: readonly Payload[], columns = 'day, value, met, streak') {
  const of = await tables([...person(), ...payloads]);
  return of.query(
    `select ${columns} from (select *, day(local_date) as day from goals_daily) order by goal, local_date`,
  );
}

test('a goal holds from its local day on; days met in a row are counted, a day not met ends them', async () => {
  // Half past eleven in the evening of the 2nd in UTC is the 3rd in Paris.
  const set = goalFact('u_a', { ...STEPS, at: ms('2026-03-02T23:30:00Z') });
  const rows = await goals([set, walked({ 2: 9000, 3: 8000, 4: 9000, 5: 7999, 6: 8001 })]);
  expect(rows).toEqual([
    { day: 3, value: 8000, met: true, streak: 1 },
    { day: 4, value: 9000, met: true, streak: 2 },
    { day: 5, value: 7999, met: false, streak: 0 },
    { day: 6, value: 8001, met: true, streak: 1 },
  ]);
});

test('a day without a value has no row and ends the days in a row; no steps at all is a value', async () => {
  const set = goalFact('u_a', { ...STEPS, at: ms('2026-03-01T12:00:00Z') });
  const rows = await goals([set, walked({ 3: 9000, 4: 9000, 6: 9000, 7: 0 })]);
  expect(rows.map(({ day, met, streak }) => [day, met, streak])).toEqual([
    [3, true, 1],
    [4, true, 2],
    [6, true, 1],
    [7, false, 0],
  ]);
});

test('at most and at least of one metric are two goals, and each says what was wanted', async () => {
  const facts = [
    goalFact('u_a', { ...STEPS, at: ms('2026-03-01T12:00:00Z') }),
    goalFact('u_a', { metric: 'steps', direction: 'at_most', target: 8500, at: ms('2026-03-01T12:00:00Z') }),
  ];
  const columns = 'goal, metric, unit, direction, target, value, met, streak, final_at';
  // Final 72 hours after midnight between the 3rd and the 4th in Paris, 23:00Z.
  const same = { metric: 'steps', unit: 'count', value: 9000, final_at: '2026-03-06T23:00:00.000Z' };
  expect(await goals([...facts, walked({ 3: 9000 })], columns)).toEqual([
    { ...same, goal: 'steps_at_least', direction: 'at_least', target: 8000, met: true, streak: 1 },
    { ...same, goal: 'steps_at_most', direction: 'at_most', target: 8500, met: false, streak: 0 },
  ]);
});

test('a new target holds from its own day, and the days in a row go on across it', async () => {
  const facts = [
    goalFact('u_a', { ...STEPS, at: ms('2026-03-01T12:00:00Z') }),
    goalFact('u_a', { ...STEPS, target: 10_000, at: ms('2026-03-04T12:00:00Z') }),
  ];
  expect(await goals([...facts, walked({ 3: 9000, 4: 11_000, 5: 9000 })], 'day, target, met, streak')).toEqual([
    { day: 3, target: 8000, met: true, streak: 1 },
    { day: 4, target: 10_000, met: true, streak: 2 },
    { day: 5, target: 10_000, met: false, streak: 0 },
  ]);
});

test('of several targets said on one day the last counts; one said for an earlier day hides what was said before for later ones', async () => {
  const morning = goalFact('u_a', { ...STEPS, at: ms('2026-03-03T08:00:00Z') });
  const noon = goalFact('u_a', { ...STEPS, target: 7000, at: ms('2026-03-03T12:00:00Z') });
  const days = walked({ 2: 6500, 3: 7500, 4: 7500 });
  expect(await goals([morning, noon, days], 'day, target')).toEqual([
    { day: 3, target: 7000 },
    { day: 4, target: 7000 },
  ]);
  const earlier = goalFact('u_a', {
    ...STEPS,
    target: 6000,
    at: ms('2026-03-02T00:00:00Z'),
    saidAt: ms('2026-03-05T08:00:00Z'),
  });
  expect(await goals([morning, noon, earlier, days], 'day, target')).toEqual([
    { day: 2, target: 6000 },
    { day: 3, target: 6000 },
    { day: 4, target: 6000 },
  ]);
});

test('a removed goal ends with the day before, and one set again begins its days in a row anew', async () => {
  const facts = [
    goalFact('u_a', { ...STEPS, at: ms('2026-03-01T12:00:00Z') }),
    goalFact('u_a', { ...STEPS, at: ms('2026-03-04T12:00:00Z'), state: 'removed' }),
    goalFact('u_a', { ...STEPS, at: ms('2026-03-05T12:00:00Z') }),
  ];
  const rows = await goals([...facts, walked({ 2: 9000, 3: 9000, 4: 9000, 5: 9000 })], 'day, streak');
  expect(rows).toEqual([
    { day: 2, streak: 1 },
    { day: 3, streak: 2 },
    { day: 5, streak: 1 },
  ]);
});

test('batch by batch, the goal last, or all at once, trends, features and goals are the same', async () => {
  const parts: readonly (readonly Payload[])[] = [
    [...person(), walked({ 3: 9000, 4: 9000 })],
    [walked({ 5: 9000, 6: 100 }), walked({ 4: 10 }, '2026-03-20T09:00:00Z')],
    [goalFact('u_a', { ...STEPS, at: ms('2026-03-03T12:00:00Z') })],
  ];
  const dumps = [];
  for (const order of [parts, [parts.flat()]]) {
    const lake = openLake({ models: MODELS });
    for (const part of order) await lake.batch(part);
    const { trends_weekly, features_daily, goals_daily } = await lake.published();
    dumps.push({ trends_weekly, features_daily, goals_daily });
    expect(await lake.compare()).toEqual([]);
    await lake.engine.close();
  }
  expect(dumps[0]?.goals_daily).toHaveLength(4);
  expect(dumps[1]).toEqual(dumps[0]);
});
