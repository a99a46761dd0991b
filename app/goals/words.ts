import { say } from '../format.ts';
import type { Units } from '../people.ts';
import type { GoalDay } from './day.ts';
import type { Goal } from '../goals.ts';
import { metricOf } from '../metrics.ts';

/** What is wanted: "Steps: at least 8,000 a day". */
export function wantedOf({ metric, direction, target }: Pick<Goal, 'metric' | 'direction' | 'target'>): string {
  const about = metricOf(metric);
  return `${about.title}: ${direction === 'at_least' ? 'at least' : 'at most'} ${say(target, about, 'metric')} a day`;
}

/** How a day stands against a goal: "Steps: 9,240, at least 8,000 wanted: met, 5 days in a row." What is not met is told without a judgement. */
export function goalLine({ metric, direction, target, value, met, streak, soFar }: GoalDay, units: Units): string {
  const wanted = `${direction === 'at_least' ? 'at least' : 'at most'} ${say(target, metric, units)} wanted`;
  const days = streak > 1 ? `, ${streak} days in a row` : '';
  return `${metric.title}: ${say(value, metric, units)}${soFar ? ' so far' : ''}, ${wanted}: ${met ? `met${days}` : 'not met'}.`;
}
