import type { LocalDay } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Person } from './person.ts';
import type { DayPlot } from './plot.ts';
import { HOUR_S, SLOT_S, type Hour } from './walk.ts';

/** What the watch felt: `samples` by seconds since the start of the day. */
export interface Heart {
  readonly samples: ReadonlyMap<number, number>;
  readonly restingBpm: number;
  /** The highest beat of the day; between two samples it may be higher than both. */
  readonly maxBpm: number;
  /** Undefined when the watch could not tell. */
  readonly stress: number | undefined;
}

/** One sample every fifteen minutes while the watch is worn; a cold shows. */
export function beat(
  person: Person,
  day: LocalDay,
  plot: DayPlot,
  hours: readonly Hour[],
  untilS: number,
  chance: Chance,
): Heart {
  const restingBpm = person.restingBpm + (plot.cold > 0 ? 8 : 0) + chance.int(-1, 2);
  const samples = new Map<number, number>();
  for (let atS = day.startS + SLOT_S; atS < untilS; atS += SLOT_S) {
    const hour = hours.find((candidate) => atS >= candidate.startS && atS < candidate.startS + HOUR_S);
    if (hour?.worn === false) continue;
    const slot = hour?.slots[Math.floor((atS - hour.startS) / SLOT_S)];
    const effort = slot === undefined ? 0 : slot.running ? 95 : 8 + Math.floor(slot.steps / 16);
    samples.set(atS - day.startS, restingBpm + effort + chance.int(0, 7));
  }
  return {
    samples,
    restingBpm,
    maxBpm: Math.max(restingBpm, ...samples.values()) + chance.int(0, 4),
    stress: plot.inBed ? undefined : chance.int(18, 55) + (plot.cold > 0 ? 12 : 0),
  };
}
