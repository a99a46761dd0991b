import { expect, test } from 'vitest';
import { alertChanged, alertDue, type AlertRuntime } from '../../../app/alerts.ts';
import { setGoal } from '../../../app/goals.ts';
import { afterBatch } from '../../../app/readings/published.ts';
import { addUser, setUser } from '../../../app/people.ts';
import type { Bus, WellspringEvent } from '../../../ports/bus/bus.ts';
import type { State } from '../../../ports/state/state.ts';
import { dayRow, openPages } from '../../support/pages.ts';

/** 19:00 in Paris. */
const EVENING = '2026-03-05T18:00:00Z';

/** Ana wants to hear of her steps, and has walked enough today, Thursday 5 March 2026; rows are stated, not worked out. */
async function openGoal(iso = EVENING) {
  const { runtime, clock, tables } = openPages();
  const user = await addUser(runtime, { name: 'Ana', units: 'metric' });
  await setUser(runtime, user, { alerts: ['goal_met'] });
  await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: 8000 });
  const goal = { goal: 'steps_at_least', metric: 'steps', unit: 'count', direction: 'at_least', target: 8000 };
  tables.published = {
    daily: [dayRow(user.user_id, '2026-03-05', 'steps', 9240)],
    queries: {
      goals_met: [{ ...goal, local_date: '2026-03-05', value: 9240, met: true, streak: 1, final_at: null }],
      connected_since: [{ account: 'a_1', connected_ms: Date.UTC(2026, 0, 1) }],
    },
  };
  clock.set(Date.parse(iso));
  const events: WellspringEvent[] = [];
  const bus: Bus = { publish: async (all) => all.map((one) => (events.push(one), { ok: true })) };
  const changed = (over: Partial<AlertRuntime> = {}) => alertChanged({ ...runtime, bus, ...over }, [user.user_id]);
  const due = () => alertDue({ ...runtime, bus });
  return {
    runtime: { ...runtime, bus },
    clock,
    user,
    events,
    changed,
    due,
    letters: async () => runtime.mailbox?.list() ?? [],
  };
}

/** A process that dies at its nth note of what was told. */
function dying(state: State, nth: number): State {
  let notes = 0;
  return {
    ...state,
    put: (kind, ...rest) => {
      if (kind === 'alert' && (notes += 1) === nth) return Promise.reject(new Error('killed'));
      return state.put(kind, ...rest);
    },
  };
}

test('a minute before ten in the evening is no night', async () => {
  const { letters, changed } = await openGoal('2026-03-05T20:59:00Z');
  await changed();
  expect(await letters()).toHaveLength(1);
});

test('who is killed after the event, before the note, tells the bus once more and the person once', async () => {
  const { runtime, events, letters, changed, due } = await openGoal();
  await expect(changed({ state: dying(runtime.state, 1) })).rejects.toThrow('killed');
  expect([events.length, (await letters()).length]).toEqual([1, 0]);
  expect(await changed()).toBe(1);
  expect(await changed()).toBe(0);
  expect([events.length, (await letters()).length]).toEqual([2, 1]);
});

test('who is killed after the message, before the note, tells nobody again', async () => {
  const { runtime, events, letters, changed, due } = await openGoal();
  await expect(changed({ state: dying(runtime.state, 2) })).rejects.toThrow('killed');
  expect(await changed()).toBe(0);
  await due();
  expect([events.length, (await letters()).length]).toEqual([1, 1]);
});

test('what the bus refused is told when it takes it', async () => {
  const { events, letters, changed } = await openGoal();
  const full = { publish: async (all: readonly unknown[]) => all.map(() => ({ ok: false, reason: 'full' }) as const) };
  expect(await changed({ bus: full })).toBe(0);
  expect([events.length, (await letters()).length]).toEqual([0, 0]);
  expect(await changed()).toBe(1);
});

test('of two that look at the same time one tells', async () => {
  const { runtime, clock, events, letters, user } = await openGoal();
  // The one that waits looks again with the clock.
  const ticking = { ...clock, sleep: async (ms: number) => clock.advance(ms) };
  const both = { ...runtime, clock: ticking };
  await Promise.all([alertChanged(both, [user.user_id]), alertChanged(both, 'everybody')]);
  expect([events.length, (await letters()).length]).toEqual([1, 1]);
});

test('after a batch those are looked at whom its event names, or everybody where it has no room for names', async () => {
  const { runtime, user, events } = await openGoal();
  for (const users of [[], ['u_somebodyelse']])
    expect(await afterBatch(runtime, { users, days: 0 })).toMatchObject({ alerts: 0 });
  expect(await afterBatch(runtime, { users: [user.user_id], days: 1 })).toMatchObject({ alerts: 1 });
  expect(await afterBatch(runtime, { users: [user.user_id], days: 1 })).toMatchObject({ alerts: 0 });
  expect(events).toHaveLength(1);
  const crowd = await openGoal();
  expect(await afterBatch(crowd.runtime, { users: [], days: 9000 })).toMatchObject({ alerts: 1 });
});

test('a message that cannot be sent is sent later, and the event is not', async () => {
  const { runtime, events, letters, changed, due } = await openGoal();
  const notifier = { deliver: () => Promise.reject(new Error('throttled')) };
  await expect(changed({ notifier: { ...runtime.notifier, ...notifier } })).rejects.toThrow('throttled');
  await due();
  expect([events.length, (await letters()).length]).toEqual([1, 1]);
});

test('where messages leave for addresses, the bus is told of somebody without one, and nobody else', async () => {
  const { runtime, events, letters, changed, due } = await openGoal();
  const addresses = { set: async () => undefined, list: async () => [], settle: async () => 0 };
  await alertChanged({ ...runtime, addresses }, 'everybody');
  expect([events.length, (await letters()).length]).toEqual([1, 0]);
  await changed();
  expect(await letters()).toEqual([]);
});

test('nothing is kept of somebody who was forgotten meanwhile', async () => {
  const { runtime, user, changed } = await openGoal();
  const gone = { publish: async () => (await runtime.state.delete('user', user.user_id), [{ ok: true } as const]) };
  await changed({ bus: gone });
  expect(await runtime.state.list('alert')).toEqual([]);
});

test('a choice is kept in one order, and a kind there is not is refused', async () => {
  const { runtime, user } = await openGoal();
  expect((await setUser(runtime, user, { alerts: ['silence', 'goal_met', 'silence'] })).alerts).toEqual([
    'goal_met',
    'silence',
  ]);
  expect((await setUser(runtime, user, { alerts: [] })).alerts).toEqual([]);
  await expect(setUser(runtime, user, { alerts: ['weather'] })).rejects.toMatchObject({
    code: 'bad_alerts',
    remedy: 'Name some of goal_met,anomaly,silence, or none.',
  });
});
