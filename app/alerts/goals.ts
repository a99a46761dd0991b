import type { NamedQuery } from '../../ports/warehouse/warehouse.ts';
import { isTotal } from '../card.ts';
import { dayOf, numberOf } from '../cells.ts';
import { shortDay } from '../format.ts';
import { type GoalDay, goalOf } from '../goals/day.ts';
import { goalLine } from '../goals/words.ts';
import { type Goal, listGoals } from '../goals.ts';
import { type Found, isNew, type Look, type LookRuntime, sinceConnected } from './look.ts';

const MET: NamedQuery = {
  name: 'goals_met',
  sql: `
    select * from goals_daily
    where user_id = $user_id and local_date between cast($from as date) and cast($to as date) and met
    order by local_date, goal`,
};

/** The goals of a person met today or yesterday. What is to stay below something is met once the day is over, and not when it begins. */
export async function goalsMet(runtime: LookRuntime, look: Look): Promise<readonly Found[]> {
  const { user, yesterday: from, today: to, nowMs } = look;
  const goals = await listGoals(runtime, user.user_id);
  const rowOf = (local_date: string, goal: string, metric: string) =>
    ({ kind: 'goal_met', table: 'goals_daily', local_date, goal, metric }) as const;
  const open = goals.filter(({ goal, metric }) => [from, to].some((day) => isNew(look, rowOf(day, goal, metric))));
  // In the cloud every question to the tables takes seconds, and costs; the copy of days does not.
  if (!(await canBeMet(runtime, look, open))) return [];
  const mine = new Set(goals.map(({ goal }) => goal));
  const rows = await runtime.warehouse.run(MET, { user_id: user.user_id, from, to });
  const found = rows.flatMap((one) => {
    const [day, goal] = [dayOf(one), goalOf(one, nowMs)];
    if (goal === undefined || !mine.has(goal.goal)) return [];
    if (goal.direction === 'at_most' && day >= to) return [];
    const row = rowOf(day, goal.goal, goal.metric.metric);
    return isNew(look, row) ? [{ row, line: lineOf(runtime, look, goal, day) }] : [];
  });
  return sinceConnected(look, found);
}

/** Whether a value of these days is as wanted now; what was wanted on the day itself say the tables. */
async function canBeMet({ readings }: LookRuntime, look: Look, goals: readonly Goal[]): Promise<boolean> {
  const { user, yesterday: from, today: to } = look;
  for (const { metric, direction, target } of goals) {
    const days = await readings.daily({ userId: user.user_id, from, to, metric });
    const values = days.map((day) => numberOf(day['value'])).filter((value) => value !== null);
    if (values.some((value) => (direction === 'at_least' ? value >= target : value <= target))) return true;
  }
  return false;
}

function lineOf({ mailDetail }: LookRuntime, { user }: Look, goal: GoalDay, day: string): string | undefined {
  if (mailDetail === 'totals' && !isTotal(goal.metric)) return undefined;
  return `${shortDay(day)}: ${goalLine(goal, user.units ?? 'metric')}`;
}
