import type { NamedQuery, Row } from '../../ports/warehouse/warehouse.ts';
import { instantOf, numberOf, textOf } from '../cells.ts';
import { listGoals } from '../goals.ts';
import { type Metric, metricOf } from '../metrics.ts';
import type { Runtime } from '../runtime.ts';
import { DIRECTIONS, type Direction } from './target.ts';

/** How a goal of a person stands on one local day, in the canonical unit of its metric. */
export interface GoalDay {
  readonly goal: string;
  readonly metric: Metric;
  readonly direction: Direction;
  readonly target: number;
  readonly value: number;
  readonly met: boolean;
  /** Days in a row up to and with this one; 0 when it is not met. */
  readonly streak: number;
  /** True while the value may still change. */
  readonly soFar: boolean;
}

const OF_DAY: NamedQuery = {
  name: 'goals_of_day',
  sql: 'select * from goals_daily where user_id = $user_id and local_date = cast($day as date) order by goal',
};

/** The goals a person has that hold on a day with a value, by name; one without a value says nothing of that day. */
export async function readGoals(
  runtime: Pick<Runtime, 'state' | 'warehouse' | 'clock'>,
  userId: string,
  day: string,
): Promise<readonly GoalDay[]> {
  // Whoever has none is not asked about: in the cloud every question takes seconds, and costs.
  const mine = new Set((await listGoals(runtime, userId)).map(({ goal }) => goal));
  if (mine.size === 0) return [];
  const rows = await runtime.warehouse.run(OF_DAY, { user_id: userId, day });
  return rows
    .map((row) => goalOf(row, runtime.clock.now()))
    .filter((one) => one !== undefined)
    .filter(({ goal }) => mine.has(goal));
}

/** A row of `goals_daily`; undefined for one that cannot be read. */
export function goalOf(row: Row, nowMs: number): GoalDay | undefined {
  const direction = DIRECTIONS.find((one) => one === row['direction']);
  const [target, value] = [numberOf(row['target']), numberOf(row['value'])];
  if (direction === undefined || target === null || value === null) return undefined;
  return {
    goal: textOf(row['goal']),
    metric: metricOf(textOf(row['metric']), textOf(row['unit'])),
    direction,
    target,
    value,
    met: row['met'] === true,
    streak: numberOf(row['streak']) ?? 0,
    soFar: (instantOf(row['final_at']) ?? 0) > nowMs,
  };
}
