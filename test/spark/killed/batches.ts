import type { RawInput } from '../../../ports/engine/engine.ts';
import { ANNA, BEN, steps } from '../../ports/engine/small/memory.ts';
import { addDays } from '../../../app/days.ts';
import { rawObject } from '../../support/raw.ts';

/** What changes in raw before a run. */
export interface Change {
  readonly objects: readonly RawInput[];
  /** Keys that are there no more. */
  readonly removed: readonly string[];
}

const FIRST = '2026-06-01';

const daily = (whose: string, day: number, value: number, minute: number): RawInput =>
  rawObject(steps(whose, addDays(FIRST, day), value, minute));

/** The n-th change: of two people a day each, one of the day before is corrected, and one of two days before is taken away. */
export function changeOf(n: number): Change {
  const days = ['anna', 'ben'].map((whose) => daily(whose, n, 100 + n, n));
  if (n === 0) return { objects: [...[...ANNA, ...BEN].map(rawObject), ...days], removed: [] };
  const corrected = daily('anna', n - 1, 1000 + n, n);
  const removed = n > 1 ? [daily('ben', n - 2, 100 + n - 2, n - 2).key] : [];
  return { objects: [...days, corrected], removed };
}
