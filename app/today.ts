import type { Row } from '../ports/warehouse/warehouse.ts';
import { type Anomaly, anomaliesOf } from './anomalies.ts';
import { type Card, cardOf } from './card.ts';
import { dayOf, textOf } from './cells.ts';
import { addDays, localMoment } from './days.ts';
import { type Freshness, readFreshness } from './freshness.ts';
import { MAIN_METRICS } from './main-metrics.ts';
import { NORMAL_DAYS } from './normal.ts';
import type { User } from './people.ts';
import { type Readiness, readinessOf } from './readiness.ts';
import type { Runtime } from './runtime.ts';

/** One person's local day as pages and the morning text tell it. */
export interface Today {
  readonly user: User;
  readonly day: string;
  /** The person's local date now. */
  readonly now: string;
  /** The last local day with any value; null when there never was one. */
  readonly latest: string | null;
  readonly groups: readonly { readonly group: string; readonly cards: readonly Card[] }[];
  /** Values of the day that have no card. */
  readonly others: readonly Card[];
  /** What is far from the person's own normal, the most severe first. */
  readonly anomalies: readonly Anomaly[];
  /** At most three more cards furthest outside the person's own band, furthest first. */
  readonly changed: readonly Card[];
  /** Undefined where nothing is known of the day. */
  readonly readiness: Readiness | undefined;
  readonly freshness: readonly Freshness[];
}

/** What reading a day needs. */
export type TodayRuntime = Pick<Runtime, 'state' | 'vault' | 'warehouse' | 'clock' | 'readings'>;

/** How far back the last day with data is looked for: the usual case first. */
const LOOK_BACK_DAYS = [40, 400, 40_000] as const;

/** Reads one person's day, by default the latest with data. */
export async function readToday(runtime: TodayRuntime, user: User, asked?: string): Promise<Today> {
  const now = localMoment(runtime.clock.now(), user.zone).day;
  const latest = await latestDay(runtime, user.user_id, now);
  const day = asked ?? latest ?? now;
  const range = { userId: user.user_id, from: addDays(day, -NORMAL_DAYS), to: day };
  const onDay = { ...range, from: day };
  const [rows, baselines, anomalous, ready] = await Promise.all([
    runtime.readings.daily(range),
    runtime.readings.baselines(onDay),
    runtime.readings.anomalies(onDay),
    runtime.readings.readiness(onDay),
  ]);
  const anomalies = anomaliesOf(anomalous);
  const card = (metric: string) => cardOf({ daily: rows, baselines }, metric, day, runtime.clock.now(), day >= now);
  const groups = MAIN_METRICS.map(({ group, metrics }) => ({
    group,
    cards: metrics.filter((metric) => rows.some((row) => row['metric'] === metric)).map(card),
  })).filter(({ cards }) => cards.length > 0);
  return {
    user,
    day,
    now,
    latest,
    groups,
    others: othersOf(rows, day).map(card),
    anomalies,
    changed: mostChanged(
      groups.flatMap(({ cards }) => cards),
      new Set(anomalies.map(({ metric }) => metric)),
    ),
    readiness: ready.map(readinessOf)[0],
    freshness: await readFreshness(runtime, user, now),
  };
}

/** The last local day of a person with any value; null when there never was one. `now` is their local date. */
export async function latestDay(
  runtime: Pick<Runtime, 'readings'>,
  userId: string,
  now: string,
): Promise<string | null> {
  for (const back of LOOK_BACK_DAYS) {
    // A journey east can put data on a date that the person's present zone has not reached yet.
    const rows = await runtime.readings.daily({ userId, from: addDays(now, -back), to: addDays(now, 2) });
    if (rows.length > 0) return rows.reduce((last, row) => (dayOf(row) > last ? dayOf(row) : last), '');
  }
  return null;
}

function othersOf(rows: readonly Row[], day: string): readonly string[] {
  const main = new Set(MAIN_METRICS.flatMap(({ metrics }) => metrics));
  const present = rows.filter((row) => dayOf(row) === day).map((row) => textOf(row['metric']));
  return [...new Set(present)].filter((metric) => !main.has(metric)).toSorted();
}

/** Those that have been told already aside. */
function mostChanged(cards: readonly Card[], told: ReadonlySet<string>): readonly Card[] {
  return cards
    .filter((card) => isUnusual(card) && !told.has(card.metric.metric))
    .toSorted((a, b) => distance(b) - distance(a))
    .slice(0, 3);
}

/** How many of the person's own standard deviations the value is away from the mean. */
function distance(card: Card): number {
  return Math.abs(card.standing?.z ?? 0);
}

function isUnusual({ standing, growing }: Card): boolean {
  if (standing === undefined || standing.place === 'usual' || standing.z === null) return false;
  return !(growing && standing.place === 'below');
}
