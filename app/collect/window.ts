import { Temporal } from 'temporal-polyfill';
import type { NoticeMeaning, Window } from '../../providers/kit/collect.ts';
import { addDays, daysBetween, isDay, localMoment } from '../days.ts';
import { DAY_MS } from './runtime.ts';

/** Local dates of a person, both inclusive. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Nothing is asked for that lies further back, where the provider names no bound of its own: a notice may name any time. */
const OLDEST_DAYS = 3650;
/** The longest stretch of one notice: no device holds back more, and a range somebody made up must not cost more. */
const LONGEST_DAYS = 366;

/** The last `count` local days, today's among them. */
export function lastDays(nowMs: number, zone: string, count: number): Days {
  const { day: to } = localMoment(nowMs, zone);
  return { from: addDays(to, 1 - count), to };
}

/**
 * The local days a notice asks for: its day, or its instants with a day on each side; undefined where it names no time that can be.
 * Only what can be asked for: not before `oldestDays` ago, not after tomorrow, and of a longer stretch the newest year.
 */
export function daysOfMeaning(
  meaning: Pick<Extract<NoticeMeaning, { kind: 'fetch' }>, 'day' | 'fromMs' | 'toMs'>,
  nowMs: number,
  zone: string,
  oldestDays = OLDEST_DAYS,
): (Days & { readonly clipped: boolean }) | undefined {
  const named = datesOf(meaning, zone);
  if (named === undefined) return undefined;
  const { day: today } = localMoment(nowMs, zone);
  // A traveller's date may be ahead of the one at home.
  const last = addDays(today, 1);
  const to = named.to > last ? last : named.to;
  const first = laterOf(addDays(today, -oldestDays), addDays(to, 1 - LONGEST_DAYS));
  const from = laterOf(named.from, first);
  return from <= to ? { from, to, clipped: from !== named.from || to !== named.to } : undefined;
}

function datesOf({ day, fromMs, toMs }: Parameters<typeof daysOfMeaning>[0], zone: string): Days | undefined {
  if (day !== undefined) return isDay(day) ? { from: day, to: day } : undefined;
  const [start, end] = [fromMs ?? toMs, toMs ?? fromMs];
  if (start === undefined || end === undefined || !isInstant(start) || !isInstant(end)) return undefined;
  const [first, last] = [Math.min(start, end), Math.max(start, end)];
  return { from: addDays(localMoment(first, zone).day, -1), to: addDays(localMoment(last, zone).day, 1) };
}

/** Between 1970 and 2200; also refuses what is no number. */
function isInstant(ms: number): boolean {
  return ms >= 0 && ms < 7_258_118_400_000;
}

/** The same days in as few stretches as can be, ascending; a gap is taken in where one window of `windowDays` spans it. */
export function union(all: readonly Days[], windowDays: number): readonly Days[] {
  const merged: Days[] = [];
  for (const { from, to } of all.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    const touches = last !== undefined && from <= addDays(last.to, 1);
    const fits = last !== undefined && daysBetween(last.from, to) < windowDays;
    if (last !== undefined && (touches || fits))
      merged.splice(-1, 1, { from: last.from, to: to > last.to ? to : last.to });
    else merged.push({ from, to });
  }
  return merged;
}

/** Days cut into windows of at most `windowDays`, newest first; instants are local midnights, the later one exclusive. */
export function windowsOf({ from, to }: Days, windowDays: number, zone: string): readonly Window[] {
  const windows: Window[] = [];
  for (let last = to; last >= from;) {
    const first = laterOf(from, addDays(last, 1 - windowDays));
    const [fromMs, toMs] = [midnight(first, zone), midnight(addDays(last, 1), zone)];
    const longest = windowDays * DAY_MS;
    // The day the clocks go back has 25 hours: what is over is asked for on its own.
    if (toMs - fromMs > longest) windows.push({ fromMs: fromMs + longest, toMs, from: last, to: last });
    windows.push({ fromMs, toMs: Math.min(toMs, fromMs + longest), from: first, to: last });
    last = addDays(first, -1);
  }
  return windows;
}

function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

function midnight(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}
