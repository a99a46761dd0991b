import { expect, test } from 'vitest';
import * as z from 'zod';
import { alertDue } from '../../../app/alerts.ts';
import { setGoal } from '../../../app/goals.ts';
import { setUser } from '../../../app/people.ts';
import { daysTo, openHouse } from './house.ts';

const day = z.iso.date();
const whose = { schema: z.literal(1), user_id: z.string().regex(/^u_[a-z2-7]{12}$/) };
const metric = z.string().regex(/^[a-z0-9_]+$/);
/** Key columns and nothing else: a value anywhere makes it another shape. */
const schema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...whose,
    kind: z.literal('goal_met'),
    table: z.literal('goals_daily'),
    local_date: day,
    goal: z.string(),
    metric,
  }),
  z.strictObject({ ...whose, kind: z.literal('anomaly'), table: z.literal('anomalies'), local_date: day, metric }),
  z.strictObject({
    ...whose,
    kind: z.literal('silence'),
    table: z.literal('freshness'),
    provider: z.string(),
    metric,
    last_day: day,
  }),
]);

/** 4,000 and 4,200 steps by turns: a mean of 4,100 and a standard deviation of about 100. */
const walks = (n: number) => ({ steps: n % 2 === 0 ? 4000 : 4200 });
/** 19:00 of Sunday in Paris, two days after Garmin was connected. */
const SUNDAY = '2026-11-22T18:00:00Z';

test('a goal that is met is told once, whatever batches follow', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  await setUser(runtime, user, { alerts: ['goal_met'] });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  at(SUNDAY);
  await bring({ '2026-11-22': { steps: 7999 } });
  expect(await changed()).toBe(0);
  at('2026-11-22T18:10:00Z');
  await bring({ '2026-11-22': { steps: 9240 } });
  expect(await changed()).toBe(1);
  at('2026-11-22T18:20:00Z');
  await bring({ '2026-11-22': { steps: 9500 } });
  expect(await changed()).toBe(0);
  expect(alerts()).toEqual([
    {
      schema: 1,
      user_id: user.user_id,
      kind: 'goal_met',
      table: 'goals_daily',
      local_date: '2026-11-22',
      goal: 'steps_at_least',
      metric: 'steps',
    },
  ]);
  const [letter, ...more] = await letters();
  expect(more).toEqual([]);
  expect(letter).toMatchObject({ kind: 'alert', day: '2026-11-22', subject: 'Wellspring: a goal is met' });
  expect(letter?.text.replaceAll('\n  ', ' ')).toContain(
    'Goals met:\n- Sun 22 Nov: Steps: 9,240 so far, at least 8,000 wanted: met.\n',
  );
});

test('at night the bus is told at once, and the person in the morning', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  await setUser(runtime, user, { alerts: ['goal_met'] });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  // 22:00 in Paris.
  at('2026-11-22T21:00:00Z');
  await bring({ '2026-11-22': { steps: 9240 } });
  expect(await changed()).toBe(1);
  expect(alerts()).toHaveLength(1);
  for (const iso of ['2026-11-22T23:30:00Z', '2026-11-23T05:59:59Z']) {
    at(iso);
    await alertDue(runtime);
    expect(await letters()).toEqual([]);
  }
  at('2026-11-23T06:00:00Z');
  expect(await alertDue(runtime)).toBe(0);
  expect((await letters()).map(({ day: about, text }) => [about, text.includes('Sun 22 Nov: Steps')])).toEqual([
    ['2026-11-23', true],
  ]);
  await alertDue(runtime);
  expect(await letters()).toHaveLength(1);
  expect(alerts()).toHaveLength(1);
});

test('what is to stay below something is met when the day is over', async () => {
  const { runtime, user, bring, alerts, at, changed } = await openHouse();
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_most', target: 8000 });
  at(SUNDAY);
  await bring({ '2026-11-22': { steps: 10 } });
  expect(await changed()).toBe(0);
  // 00:30 in Paris.
  at('2026-11-22T23:30:00Z');
  expect(await changed()).toBe(1);
  expect(alerts()).toMatchObject([{ goal: 'steps_at_most', local_date: '2026-11-22' }]);
});

test('a value far from the person’s own normal is told once, in words only to whoever chose so', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  at(SUNDAY);
  // (15,000 - 4,100) / 100 is more than a hundred standard deviations, and more than 2,000 steps.
  await bring({ ...daysTo('2026-11-21', 28, walks), '2026-11-22': { steps: 15_000 } });
  expect(await changed()).toBe(1);
  expect(await changed()).toBe(0);
  expect(alerts()).toEqual([
    {
      schema: 1,
      user_id: user.user_id,
      kind: 'anomaly',
      table: 'anomalies',
      local_date: '2026-11-22',
      metric: 'steps',
    },
  ]);
  expect(await letters()).toEqual([]);
  await setUser(runtime, user, { alerts: ['anomaly'] });
  at('2026-11-23T18:00:00Z');
  await bring({ '2026-11-23': { steps: 16_000 } });
  expect(await changed()).toBe(1);
  const [letter] = await letters();
  expect(letter?.subject).toBe('Wellspring: a value unlike your normal');
  expect(letter?.text).toContain('- Mon 23 Nov: You took 16,000 steps');
});

test('mail of totals tells nothing of the heart; its event goes out', async () => {
  const { runtime, user, bring, letters, at, changed } = await openHouse();
  await setUser(runtime, user, { alerts: ['anomaly'] });
  at(SUNDAY);
  const beats = daysTo('2026-11-21', 28, (n) => ({ restingHeartRateInBeatsPerMinute: n % 2 === 0 ? 50 : 52 }));
  await bring({ ...beats, '2026-11-22': { restingHeartRateInBeatsPerMinute: 80 } });
  expect(await changed({ mailDetail: 'totals' })).toBe(1);
  expect(await letters()).toEqual([]);
});

test('a metric past its day is told once, the morning after, with what to do', async () => {
  const { runtime, user, bring, alerts, letters, at } = await openHouse();
  await bring(daysTo('2026-11-20', 20, walks));
  // Every day until Friday the 20th: due with the end of the 20th + 1 + 1 + 0 days, midnight after Sunday the 22nd in Paris.
  at('2026-11-22T22:59:00Z');
  expect(await alertDue(runtime)).toBe(0);
  // 06:59 of Monday: late, and night.
  at('2026-11-23T05:59:00Z');
  expect(await alertDue(runtime)).toBe(0);
  at('2026-11-23T06:00:00Z');
  expect(await alertDue(runtime)).toBe(1);
  expect(await alertDue(runtime)).toBe(0);
  at('2026-11-24T06:00:00Z');
  expect(await alertDue(runtime)).toBe(0);
  expect(alerts()).toEqual([
    {
      schema: 1,
      user_id: user.user_id,
      kind: 'silence',
      table: 'freshness',
      provider: 'garmin',
      metric: 'steps',
      last_day: '2026-11-20',
    },
  ]);
  const [letter, ...more] = await letters();
  expect(more).toEqual([]);
  expect(letter?.subject).toBe('Wellspring: data stopped coming');
  expect(letter?.text.replaceAll('\n  ', ' ')).toContain(
    '- Garmin: no steps since Fri 20 Nov. Nothing is known to be wrong. Sync the device with the app of Garmin',
  );
});

test('metrics of one device that fall silent one after the other are events each, and one message', async () => {
  const { runtime, bring, alerts, letters, at } = await openHouse();
  // The heart every third day until the 19th: due with the end of the 19th + 3 + 1 + 1 = 24th.
  await bring(
    daysTo('2026-11-20', 20, (n) => ({ steps: 4000, ...(n % 3 === 1 && { restingHeartRateInBeatsPerMinute: 50 }) })),
  );
  for (const one of ['2026-11-23', '2026-11-24', '2026-11-25']) {
    at(`${one}T08:00:00Z`);
    await alertDue(runtime);
  }
  expect(alerts().map((one) => [one.metric, one.kind === 'silence' && one.last_day])).toEqual([
    ['steps', '2026-11-20'],
    ['resting_heart_rate_bpm', '2026-11-19'],
  ]);
  expect(await letters()).toHaveLength(1);
});

test('a first import tells nothing: not of goals, not of odd days, not of what ended long ago or just before', async () => {
  const { runtime, user, bring, alerts, at, changed } = await openHouse();
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 3000, since: 0 });
  // The heart ends on the 17th: due with the end of the 19th, eight hours before Garmin was connected; the stress on the 10th.
  await bring(
    daysTo('2026-11-19', 60, (n) => ({
      steps: n === 0 || n === 9 ? 15_000 : walks(n).steps,
      ...(n >= 2 && { restingHeartRateInBeatsPerMinute: 50 }),
      ...(n >= 9 && { averageStressLevel: 30 }),
    })),
  );
  expect(await runtime.readings.anomalies({ userId: user.user_id, from: '2026-11-19', to: '2026-11-19' })).toHaveLength(
    1,
  );
  expect(await changed()).toBe(0);
  expect(await alertDue(runtime)).toBe(0);
  // Two days later the days before the last two are history, and steps are not due yet.
  at('2026-11-21T12:00:00Z');
  await bring({ '2026-11-18': { steps: 30_000 }, '2026-11-20': { steps: 4000 } });
  expect(await changed()).toBe(1);
  expect(alerts()).toMatchObject([{ kind: 'goal_met', local_date: '2026-11-20' }]);
});

test('the events have one shape, of key columns alone', async () => {
  const { runtime, user, bring, alerts, at, changed } = await openHouse();
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  await bring(daysTo('2026-11-20', 28, (n) => ({ ...walks(n), averageStressLevel: 30 })));
  for (const one of ['2026-11-21', '2026-11-22', '2026-11-23']) {
    at(`${one}T18:00:00Z`);
    await bring({ [one]: { steps: one === '2026-11-23' ? 15_000 : 4000 } });
  }
  await changed();
  await alertDue(runtime);
  expect(alerts().map(({ kind }) => kind)).toEqual(['goal_met', 'anomaly', 'silence']);
  for (const one of alerts()) expect(schema.safeParse(one).error).toBeUndefined();
});
