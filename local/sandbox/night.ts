import type { LocalDay } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { DayPlot } from './plot.ts';

export type Stage = 'deep' | 'light' | 'rem' | 'awake';

export interface Segment {
  readonly stage: Stage;
  readonly startS: number;
  readonly endS: number;
}

/** The night a person wakes from on a day; in bed from `startS` to `endS`. */
export interface Night {
  readonly startS: number;
  readonly endS: number;
  readonly offsetS: number;
  readonly segments: readonly Segment[];
  readonly score: number;
}

const MINUTE_S = 60;
/** No cycle begins later than five hours after midnight: the longest one then ends before seven. */
const LAST_CYCLE_S = 5 * 3600;
/** One cycle of a night: stages and their shortest and longest minutes. */
const CYCLE: readonly (readonly [Stage, number, number])[] = [
  ['light', 15, 30],
  ['deep', 12, 28],
  ['light', 12, 25],
  ['rem', 10, 26],
  ['awake', 1, 7],
];

/** The night before the day, undefined after one in a plane. It ends awake, as nights do, and before the first hour of the day's walk. */
export function sleep(day: LocalDay, plot: DayPlot, chance: Chance): Night | undefined {
  if (!day.nightAtPlace) return undefined;
  const startS = day.startS - chance.int(10, 75) * MINUTE_S;
  const segments: Segment[] = [];
  let atS = startS;
  for (let cycle = 0; cycle < 5 && atS < day.startS + LAST_CYCLE_S; cycle += 1) {
    for (const [stage, shortest, longest] of CYCLE) {
      const endS = atS + chance.int(shortest, plot.cold > 0 ? longest - 1 : longest) * MINUTE_S;
      segments.push({ stage, startS: atS, endS });
      atS = endS;
    }
  }
  return { startS, endS: atS, offsetS: day.offsetAt(startS), segments, score: chance.int(58, 94) };
}

/** Seconds of the night in one stage. */
export function stageSeconds(night: Night, stage: Stage): number {
  return night.segments
    .filter((segment) => segment.stage === stage)
    .reduce((sum, segment) => sum + segment.endS - segment.startS, 0);
}

/** Seconds asleep: deep, light and REM. */
export function asleepSeconds(night: Night): number {
  return stageSeconds(night, 'deep') + stageSeconds(night, 'light') + stageSeconds(night, 'rem');
}

/** The same night as first guessed: begun earlier, on the sofa. */
export function firstGuess(night: Night): Night {
  const startS = night.startS - 25 * MINUTE_S;
  return {
    ...night,
    startS,
    segments: [{ stage: 'light', startS, endS: night.startS }, ...night.segments],
    score: night.score - 4,
  };
}
