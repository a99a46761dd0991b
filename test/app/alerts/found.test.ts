import { expect, test } from 'vitest';
import { alertDue } from '../../../app/alerts.ts';
import { setGoal } from '../../../app/goals.ts';
import { setUser } from '../../../app/people.ts';
import { daysTo, openHouse } from './house.ts';

/** 4,000 and 4,200 steps by turns: a mean of 4,100 and a standard deviation of about 100. */
const walks = (n: number) => ({ steps: n % 2 === 0 ? 4000 : 4200 });
/** 19:00 of Sunday in Paris, two days after Garmin was connected. */
const SUNDAY = '2026-11-22T18:00:00Z';

test('a goal that is met is told once, whatever batches follow', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  await setUser(runtime, user, { alerts: ['goal_met'] });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  at(SUNDAY);
  // Saturday is one step short.
  await bring({ '2026-11-21': { steps: 7999 }, '2026-11-22': { steps: 9240 } });
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

test('what is to stay below something is met when the day is over', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_most', target: 8000 });
  at(SUNDAY);
  await bring({ '2026-11-22': { steps: 10 } });
  expect(await changed()).toBe(0);
  // 00:30 in Paris.
  at('2026-11-22T23:30:00Z');
  expect(await changed()).toBe(1);
  expect(alerts()).toMatchObject([{ goal: 'steps_at_most', local_date: '2026-11-22' }]);
  // Ana did not ask to be told of goals.
  at('2026-11-23T08:00:00Z');
  await alertDue(runtime);
  expect(await letters()).toEqual([]);
});

test('a value far from the person’s own normal is told once, in words to whoever chose so', async () => {
  const { runtime, user, bring, alerts, letters, at, changed } = await openHouse();
  await setUser(runtime, user, { alerts: ['anomaly'] });
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
  const [letter, ...more] = await letters();
  expect(more).toEqual([]);
  expect(letter?.subject).toBe('Wellspring: a value unlike your normal');
  expect(letter?.text).toContain('- Sun 22 Nov: You took 15,000 steps');
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
  const { runtime, user, bring, alerts, changed } = await openHouse();
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
  expect(alerts()).toEqual([]);
});
