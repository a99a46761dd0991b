import { WellspringError } from './errors.ts';
import { exclusively, stayExclusive } from './exclusive.ts';
import { recordFact } from './facts.ts';
import { checkedTarget, type Direction } from './goals/target.ts';
import type { User } from './people.ts';
import type { Runtime } from './runtime.ts';

/** What a person wants of a metric a day, as it is shown; of one name (`steps_at_least`) they have one at a time. */
export interface Goal {
  readonly goal: string;
  readonly user_id: string;
  readonly metric: string;
  readonly direction: Direction;
  /** In the canonical unit of the metric. */
  readonly target: number;
  /** The instant on whose local day it began, ISO 8601. */
  readonly since: string;
}

/** A goal as a fact tells it: set (`active`), or `removed` from `effective_at` (Unix ms) on. */
export interface StatedGoal extends Omit<Goal, 'since'> {
  readonly state: 'active' | 'removed';
  readonly effective_at: number;
}

export interface NewGoal {
  readonly metric: string;
  readonly direction: Direction;
  readonly target: number;
  /** Unix ms; the goal holds from the local day of it on. Now when absent. */
  readonly since?: number | undefined;
}

type GoalRuntime = Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>;

const KIND = 'goal';
const idOf = ({ user_id, goal }: Pick<StatedGoal, 'user_id' | 'goal'>): string => `${user_id}/${goal}`;

/** Sets a goal, in the place of one of the same metric and direction; throws `unknown_metric`, `bad_target`, `bad_since`. */
export async function setGoal(runtime: GoalRuntime, user: Pick<User, 'user_id'>, wanted: NewGoal): Promise<Goal> {
  const { metric, direction, since } = wanted;
  const stated: StatedGoal = {
    user_id: user.user_id,
    goal: `${metric}_${direction}`,
    metric,
    direction,
    target: checkedTarget(metric, wanted.target),
    state: 'active',
    effective_at: checkedSince(since ?? runtime.clock.now()),
  };
  return exclusively(runtime, async () => {
    const held = (await runtime.state.get<StatedGoal>(KIND, idOf(stated)))?.value;
    // Every fact makes the next batch recompute the person, so saying the same again writes none.
    const isSame = held?.target === stated.target && (since === undefined || held.effective_at === since);
    if (held !== undefined && isSame) return shown(held);
    await record(runtime, stated);
    await runtime.state.put(KIND, idOf(stated), stated);
    return shown(stated);
  });
}

/** Ends a goal, by its name or by its metric where that has one alone, from today on; throws `unknown_goal`, `ambiguous_goal`. */
export async function removeGoal(runtime: GoalRuntime, user: Pick<User, 'user_id'>, named: string): Promise<Goal> {
  return exclusively(runtime, async () => {
    const mine = await statedGoals(runtime, user.user_id);
    const [only, ...others] = mine.filter(({ goal, metric }) => goal === named || metric === named);
    if (only === undefined) throw unknownGoal(named);
    if (others.length > 0) throw ambiguousGoal(named, [only, ...others]);
    await record(runtime, { ...only, state: 'removed', effective_at: runtime.clock.now() });
    await runtime.state.delete(KIND, idOf(only));
    return shown(only);
  });
}

/** The goals that hold now or are set for later, of one person or of everybody, by person and name. */
export async function listGoals(runtime: Pick<Runtime, 'state'>, userId?: string): Promise<readonly Goal[]> {
  return (await statedGoals(runtime, userId)).map(shown);
}

async function statedGoals({ state }: Pick<Runtime, 'state'>, userId?: string): Promise<readonly StatedGoal[]> {
  const records = await state.list<StatedGoal>(KIND, userId === undefined ? undefined : `${userId}/`);
  return records.map(({ value }) => value);
}

/** The fact is durable before the record, as of people. */
async function record(runtime: GoalRuntime, data: StatedGoal): Promise<void> {
  await stayExclusive(runtime);
  await recordFact(runtime, { type: 'wellspring.goal', data });
  await stayExclusive(runtime);
}

function shown({ goal, user_id, metric, direction, target, effective_at }: StatedGoal): Goal {
  return { goal, user_id, metric, direction, target, since: new Date(effective_at).toISOString() };
}

/** No table holds a day before 1970 or after 9999. */
function checkedSince(since: number): number {
  if (since >= 0 && since < Date.UTC(9999, 0)) return since;
  const remedy = 'Give a day or an instant after 1970, such as 2026-03-01.';
  throw new WellspringError({ code: 'bad_since', message: 'No goal can begin then.', remedy, status: 400, exit: 2 });
}

function unknownGoal(named: string): WellspringError {
  return new WellspringError({
    code: 'unknown_goal',
    message: `They have no goal "${named}".`,
    remedy: 'wellspring goal list shows those there are.',
    status: 404,
    exit: 2,
  });
}

function ambiguousGoal(named: string, goals: readonly StatedGoal[]): WellspringError {
  return new WellspringError({
    code: 'ambiguous_goal',
    message: `There are ${goals.length} goals of "${named}".`,
    detail: goals.map(({ goal }) => goal).join(', '),
    remedy: 'Name the goal itself.',
    status: 409,
    exit: 2,
  });
}
