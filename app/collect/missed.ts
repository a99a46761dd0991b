import type { Missed } from './pending.ts';
import { DAY_MS } from './runtime.ts';
import { type Days, union } from './window.ts';
import type { Asked } from './windows.ts';

/** A provider mends its pages within days, or not at all. */
const WEEK_MS = 7 * DAY_MS;

/** The days of a stream that were missed, after some were asked for: `givenUp` are those of which it had been a week. */
export function missedAfter(
  before: Missed | undefined,
  { missed, because }: Pick<Asked, 'missed' | 'because'>,
  { nowMs, wasAsked, windowDays }: { readonly nowMs: number; readonly wasAsked: boolean; readonly windowDays: number },
): { readonly left: Missed | undefined; readonly givenUp: readonly Days[] } {
  const isOld = (one: Days): boolean => before?.days.some(({ from, to }) => from <= one.to && one.from <= to) === true;
  const isOver = wasAsked && before !== undefined && nowMs - before.sinceMs >= WEEK_MS;
  const kept = isOver ? missed.filter((one) => !isOld(one)) : missed;
  const days = union([...kept, ...(wasAsked ? [] : (before?.days ?? []))], windowDays);
  const givenUp = missed.filter((one) => !kept.includes(one));
  if (days.length === 0) return { left: undefined, givenUp };
  if (kept.length === 0) return { left: before, givenUp };
  const sinceMs = before !== undefined && kept.some(isOld) ? before.sinceMs : nowMs;
  return { left: { ...because, days, sinceMs, notBeforeMs: nowMs + DAY_MS }, givenUp };
}
