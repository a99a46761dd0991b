import type { GoalDay } from '../app/goals/day.ts';
import { goalLine } from '../app/goals/words.ts';
import type { User } from '../app/people.ts';

interface Props {
  readonly goals: readonly GoalDay[];
  readonly user: User;
}

/** How a day stands against what the person wants of it; nothing where there are no goals. */
export function Goals({ goals, user }: Props) {
  if (goals.length === 0) return null;
  return (
    <section aria-labelledby="goals">
      <h2 id="goals">Goals</h2>
      <ul class="sources">
        {goals.map((goal) => (
          <li>
            <span class="mark">{goal.met ? '✓' : '·'}</span> {goalLine(goal, user.units ?? 'metric')}
          </li>
        ))}
      </ul>
    </section>
  );
}
