import type { Row } from '../ports/warehouse/warehouse.ts';
import { dayOf, instantOf, numberOf, textOf } from './cells.ts';
import { addDays, daysOf } from './days.ts';
import { metricOf, type Metric } from './metrics.ts';
import { type Baseline, baselineOf, NORMAL_DAYS } from './normal.ts';

/** One metric on one local day beside the person's own last 28 days; what is missing is null, never zero. */
export interface Card extends Baseline {
  readonly metric: Metric;
  readonly day: string;
  readonly value: number | null;
  /** The 28 days before and the day itself, ascending, gaps as null. */
  readonly series: readonly { readonly day: string; readonly value: number | null }[];
  /** The winning source as the table names it; null without a value. */
  readonly source: string | null;
  readonly sources: number;
  /** Unix ms until which the value may still change; null without a value. */
  readonly finalAt: number | null;
  /** True while the day is not final. */
  readonly soFar: boolean;
  /** True for an amount of a day that is still running: being low means nothing yet. */
  readonly growing: boolean;
}

/** The day rules of what adds up over a day. */
const ADDING_UP = new Set(['SUMI', 'SUM', 'TOTAL']);

/** Whether a metric is an amount of the whole day, such as steps: nothing measured at a moment, and nothing of the night. */
export function isTotal({ day_rule: rule }: Pick<Metric, 'day_rule'>): boolean {
  return ADDING_UP.has(rule);
}

/** What cards are made from: `daily_metrics` rows of `day - 28` to `day`, `baselines_daily` rows of the day. */
export interface CardRows {
  readonly daily: readonly Row[];
  readonly baselines: readonly Row[];
}

/**
 * The card of one metric.
 * `now` is Unix ms; `running` says that the day is not over where the person is.
 */
export function cardOf(rows: CardRows, metric: string, day: string, now: number, running = false): Card {
  const mine = rows.daily.filter((row) => row['metric'] === metric);
  const byDay = new Map(mine.map((row) => [dayOf(row), row]));
  const series = daysOf(addDays(day, -NORMAL_DAYS), day).map((one) => ({
    day: one,
    value: numberOf(byDay.get(one)?.['value']),
  }));
  const row = byDay.get(day);
  const baseline = rows.baselines.find((one) => one['metric'] === metric && dayOf(one) === day);
  const finalAt = instantOf(row?.['final_at']);
  const about = metricOf(metric, textOf(mine[0]?.['unit']));
  return {
    metric: about,
    day,
    value: numberOf(row?.['value']),
    ...baselineOf(baseline),
    series,
    source: row === undefined ? null : textOf(row['winner_source']) || null,
    sources: numberOf(row?.['n_sources']) ?? 0,
    finalAt,
    soFar: finalAt !== null && finalAt > now,
    growing: running && isTotal(about),
  };
}

/** The last day before the card's own on which there was a value; null when there was none. */
export function lastSeen(card: Card): string | null {
  return card.series.findLast(({ day, value }) => day !== card.day && value !== null)?.day ?? null;
}
