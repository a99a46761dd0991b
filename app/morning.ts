import { type Card, cardOf } from './card.ts';
import { addDays } from './days.ts';
import { NORMAL_DAYS } from './normal.ts';
import type { User } from './people.ts';
import { readinessLine, readinessOf } from './readiness.ts';
import type { TodayRuntime } from './today.ts';

/** What is known of the day that has just begun. */
export interface Morning {
  /** The main sleep that ended on it. */
  readonly night?: Card | undefined;
  /** How ready its person is, as a sentence. */
  readonly readiness?: string | undefined;
}

/** Nothing of it is told. */
export const NO_MORNING: Morning = {};

/** Who could not be told how ready they are for so long is not told so every morning. */
const READY_DAYS = 7;

/** The day after, at seven in the morning: the main sleep that ended on it, and how ready its person is. */
export async function morningAfter(
  { readings, clock }: TodayRuntime,
  { user_id: userId }: User,
  day: string,
): Promise<Morning> {
  const [metric, next] = ['sleep_total_s', addDays(day, 1)];
  const [daily, baselines, ready] = await Promise.all([
    readings.daily({ userId, from: addDays(next, -NORMAL_DAYS), to: next, metric }),
    readings.baselines({ userId, from: next, to: next, metric }),
    readings.readiness({ userId, from: addDays(next, -READY_DAYS), to: next }),
  ]);
  const card = cardOf({ daily, baselines }, metric, next, clock.now());
  const days = ready.map(readinessOf);
  const newest = days.find((one) => one.day === next);
  const isTold = newest !== undefined && days.some(({ score }) => score !== null);
  return {
    night: card.value === null ? undefined : card,
    readiness: isTold ? readinessLine(newest) : undefined,
  };
}
