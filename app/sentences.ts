import type { Card } from './card.ts';
import { say, shortDay } from './format.ts';
import type { Freshness } from './freshness.ts';
import { MAIN_METRICS } from './main-metrics.ts';
import { metricOf } from './metrics.ts';
import { ENOUGH_DAYS, type Normal } from './normal.ts';
import type { Units } from './people.ts';
import { sourceName } from './source-name.ts';

/** Amounts are more or less, levels are higher or lower. */
const AMOUNTS = new Set(['count', 's', 'm', 'kcal', 'g', 'mg', 'mL']);

/** A value within the band and this many standard deviations from the mean is as usual; further out it is within the range. */
const CLOSE = 0.5;

/** How a value stands against the person's own normal, without its number: "more than usual (8,900)". */
export function compared(card: Card, units: Units): string {
  if (card.value === null) return 'no value for this day';
  if (card.normal === undefined || card.standing === undefined) {
    return `not enough days yet to say what is usual (${card.known} of ${ENOUGH_DAYS})`;
  }
  const usual = say(card.normal.mean, card.metric, units);
  // A difference that rounding hides is none to a reader.
  const { place, z } = card.standing;
  const isClose = place === 'usual' && Math.abs(z ?? 0) <= CLOSE;
  if (isClose || usual === say(card.value, card.metric, units)) return `about as usual (${usual})`;
  if (place === 'usual') return `within your usual range (${range(card.normal, card, units)})`;
  if (card.growing && place === 'below') return `usually ${usual} by the end of the day`;
  const [more, less] = AMOUNTS.has(card.metric.unit) ? ['more', 'less'] : ['higher', 'lower'];
  return `${place === 'above' ? more : less} than usual (${usual})`;
}

/** The band of one standard deviation on both sides of the mean: "8,000 to 9,800". */
export function range({ mean, sd }: Normal, { metric }: Pick<Card, 'metric'>, units: Units): string {
  return `${say(mean - sd, metric, units)} to ${say(mean + sd, metric, units)}`;
}

/** A source without a rhythm that is this many local days behind is named with its last day. */
const QUIET_DAYS = 3;

/** Whether there is nothing to say about a source but that it is on time. */
export function isOnTime({ late, problem, cause, daysBehind, metrics }: Freshness): boolean {
  const hasRhythm = metrics.some(({ expectedBy }) => expectedBy !== null);
  return !late && problem === null && cause === null && (hasRhythm || (daysBehind ?? QUIET_DAYS) < QUIET_DAYS);
}

/** How fresh a source is, and what to do when something is wrong: "Garmin: last data Sun 1 Mar, 4 days ago. …" */
export function freshnessLine(freshness: Freshness): string {
  const { problem, remedy } = freshness;
  const parts = [reach(freshness), byHand(freshness), problem, remedy].filter((part) => part !== null);
  return parts.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ');
}

function reach({ provider, lastDay, daysBehind, late }: Freshness): string {
  const name = sourceName(provider);
  if (lastDay === null || daysBehind === null) return `${name}: ${late ? 'late, ' : ''}no data yet`;
  const ago = daysBehind <= 0 ? 'today' : daysBehind === 1 ? 'yesterday' : `${daysBehind} days ago`;
  return `${name}: ${late ? 'late, ' : ''}last data ${shortDay(lastDay)}, ${ago}`;
}

const MAIN: ReadonlySet<string> = new Set(MAIN_METRICS.flatMap(({ metrics }) => metrics));

const place = (metric: string): number => (MAIN.has(metric) ? 0 : 1);

const NOT_DONE: Readonly<Record<string, string>> = {
  scale: 'you have not stood on it',
  cuff: 'you have not measured since',
  manual: 'nothing was entered since',
};

/** What is there only when the person does something is no fault: "Last weight Tue 3 Mar; nothing is wrong, you have not stood on it". */
function byHand({ metrics }: Freshness): string | null {
  const idle = metrics.filter(({ cause }) => cause === 'not_measured');
  // Of a weighing that brought several figures the one people look at.
  const [newest] = idle.toSorted((a, b) => b.lastDay.localeCompare(a.lastDay) || place(a.metric) - place(b.metric));
  if (newest === undefined) return null;
  const said = NOT_DONE[newest.byHand ?? ''] ?? 'nothing was measured since';
  return `Last ${metricOf(newest.metric).title.toLowerCase()} ${shortDay(newest.lastDay)}; nothing is wrong, ${said}`;
}
