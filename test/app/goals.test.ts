import { describe, expect, test } from 'vitest';
import { listGoals, removeGoal, setGoal } from '../../app/goals.ts';
import { readTarget } from '../../app/goals/target.ts';
import { addUser } from '../../app/people.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { RECEIVED_AT } from '../support/door.ts';
import { openDesk } from '../support/desk.ts';

const DAY_MS = 86_400_000;
const STEPS = { metric: 'steps', direction: 'at_least', target: 8000 } as const;

/** Anna at a desk, with what was written of her goals. */
async function open() {
  const desk = openDesk();
  const anna = await addUser(desk.runtime, { name: 'Anna' });
  const goals = async () => (await desk.facts()).filter((fact) => 'goal' in fact);
  return { ...desk, anna, goals };
}

describe('a goal', () => {
  test('is a fact of the person who wants it, and holds from now', async () => {
    const { runtime, anna, goals, raw } = await open();
    const made = await setGoal(runtime, anna, STEPS);
    const since = new Date(RECEIVED_AT).toISOString();
    expect(made).toEqual({ ...STEPS, goal: 'steps_at_least', user_id: anna.user_id, since });
    const named = { user_id: anna.user_id, goal: 'steps_at_least', ...STEPS };
    expect(await goals()).toEqual([{ ...named, state: 'active', effective_at: RECEIVED_AT, sequence: 2 }]);
    const documents = (await raw()).filter(({ attributes }) => attributes['type'] === 'wellspring.goal');
    expect(documents.map(({ attributes }) => attributes['subject'])).toEqual([
      accountOf('wellspring', `user:${anna.user_id}`),
    ]);
    expect(await listGoals(runtime)).toEqual([made]);
    expect(await listGoals(runtime, 'u_somebodyelse')).toEqual([]);
  });

  test('set again takes the place of the one before; saying the same again writes nothing', async () => {
    const { runtime, anna, goals, clock } = await open();
    await setGoal(runtime, anna, STEPS);
    clock.advance(DAY_MS);
    await setGoal(runtime, anna, STEPS);
    expect(await goals()).toHaveLength(1);
    await setGoal(runtime, anna, { ...STEPS, target: 9000 });
    expect(await goals()).toHaveLength(2);
    expect(await listGoals(runtime, anna.user_id)).toMatchObject([{ target: 9000 }]);
    // The same target for other days is something else.
    await setGoal(runtime, anna, { ...STEPS, target: 9000, since: RECEIVED_AT - 5 * DAY_MS });
    expect((await goals()).at(-1)).toMatchObject({ target: 9000, effective_at: RECEIVED_AT - 5 * DAY_MS });
  });

  test('ends when it is removed, by its name, or by its metric where that is enough', async () => {
    const { runtime, anna, goals, clock } = await open();
    await setGoal(runtime, anna, STEPS);
    await setGoal(runtime, anna, { ...STEPS, direction: 'at_most', target: 20_000 });
    await expect(removeGoal(runtime, anna, 'steps')).rejects.toMatchObject({ code: 'ambiguous_goal', exit: 2 });
    clock.advance(DAY_MS);
    await removeGoal(runtime, anna, 'steps_at_most');
    const ended = { goal: 'steps_at_most', state: 'removed', effective_at: RECEIVED_AT + DAY_MS };
    expect((await goals()).at(-1)).toMatchObject(ended);
    await removeGoal(runtime, anna, 'steps');
    expect(await listGoals(runtime)).toEqual([]);
    await expect(removeGoal(runtime, anna, 'steps')).rejects.toMatchObject({ code: 'unknown_goal', status: 404 });
  });

  test('is not known when the fact could not be stored', async () => {
    const { runtime, anna } = await open();
    const objects = { ...runtime.objects, putIfAbsent: () => Promise.reject(new Error('ENOSPC')) };
    const setting = setGoal({ ...runtime, objects }, anna, STEPS);
    await expect(setting).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await listGoals(runtime)).toEqual([]);
  });

  test.each([
    [{ ...STEPS, metric: 'stepz' }, 'unknown_metric'],
    // metrics.csv: steps are from 0 to 200,000 a day.
    [{ ...STEPS, target: 200_001 }, 'bad_target'],
    [{ ...STEPS, target: -1 }, 'bad_target'],
    [{ ...STEPS, target: Number.NaN }, 'bad_target'],
    [{ ...STEPS, since: -1 }, 'bad_since'],
    [{ ...STEPS, since: Number.NaN }, 'bad_since'],
  ])('that cannot be, %o, is refused as %s and leaves nothing', async (wanted, code) => {
    const { runtime, anna, goals } = await open();
    await expect(setGoal(runtime, anna, wanted)).rejects.toMatchObject({ code, status: 400, exit: 2 });
    expect(await goals()).toEqual([]);
  });
});

describe('a target as a person writes it', () => {
  test.each([
    ['steps', '8000', 8000],
    ['weight_kg', '70.5', 70.5],
    ['weight_kg', '70.5 kg', 70.5],
    ['spo2_pct', '95%', 95],
    ['stress_0_100', '71', 71],
    ['skin_temperature_dev_c', '-0.5', -0.5],
    ['sleep_total_s', '25200', 25_200],
    ['sleep_total_s', '25200 s', 25_200],
    ['sleep_total_s', '7h', 25_200],
    ['sleep_total_s', '7.5h', 27_000],
    ['sleep_total_s', '7h30', 27_000],
    ['sleep_total_s', '7 h 30 min', 27_000],
    ['exercise_time_s', '30min', 1800],
  ])('of %s, %s, is %d', (metric, text, value) => {
    expect(readTarget(metric, text)).toBe(value);
  });

  test.each([
    ['steps', ''],
    ['steps', 'many'],
    ['steps', '8,000'],
    ['steps', '7h'],
    ['steps', '1e3'],
    ['sleep_total_s', ''],
    ['sleep_total_s', '26h'],
    ['weight_kg', '70.5 lb'],
  ])('of %s, "%s", is refused', (metric, text) => {
    expect(() => readTarget(metric, text)).toThrow(expect.objectContaining({ code: 'bad_target' }));
  });
});
