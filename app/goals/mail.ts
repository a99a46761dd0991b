import { isTotal } from '../card.ts';
import type { User } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { type GoalDay, readGoals } from './day.ts';
import { goalLine } from './words.ts';

/** The goals of a day as lines of the morning text; of totals alone where the text tells no more. */
export async function goalsText(
  runtime: Pick<Runtime, 'state' | 'warehouse' | 'clock' | 'mailDetail'>,
  { user_id: userId, units }: User,
  day: string,
): Promise<readonly string[]> {
  const isTold = ({ metric }: GoalDay) => (runtime.mailDetail ?? 'full') === 'full' || isTotal(metric);
  const goals = (await readGoals(runtime, userId, day)).filter(isTold);
  return goals.length === 0 ? [] : ['', 'Goals:', ...goals.map((goal) => `- ${goalLine(goal, units ?? 'metric')}`)];
}
