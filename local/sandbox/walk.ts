import type { LocalDay } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Person } from './person.ts';
import type { DayPlot } from './plot.ts';

/** What a body does in fifteen minutes. Whole numbers only, so that every sum is exact. */
export interface Slot {
  readonly startS: number;
  readonly offsetS: number;
  readonly steps: number;
  readonly cm: number;
  readonly kcal: number;
  readonly activeS: number;
  readonly running: boolean;
}

/** An hour on the local clock, and who could see it. Without the watch the phone is always in the pocket. */
export interface Hour {
  readonly startS: number;
  readonly offsetS: number;
  readonly localHour: number;
  readonly slots: readonly Slot[];
  readonly floors: number;
  readonly worn: boolean;
  /** How many of the hour's slots, from its start, the phone was carried. */
  readonly carriedSlots: 0 | 2 | 4;
}

export const SLOT_S = 900;
export const HOUR_S = 3600;
/** Steps are taken from this local hour on, and before that one. */
const WAKING = { from: 7, before: 22 };
const RUN_HOUR = 18;

function slotOf(startS: number, offsetS: number, steps: number, running: boolean, person: Person): Slot {
  return {
    startS,
    offsetS,
    steps,
    cm: steps * person.strideCm,
    kcal: Math.round(steps * (running ? 0.07 : 0.045)),
    activeS: Math.min(SLOT_S, Math.round(steps / 1.9)),
    running,
  };
}

function stepsOf(localHour: number, weekend: boolean, chance: Chance): number {
  const busy = weekend ? localHour >= 10 && localHour < 17 : [8, 12, 13, 17].includes(localHour);
  if (chance.hit(busy ? 0.1 : 0.35)) return 0;
  return busy ? chance.int(120, 620) : chance.int(8, 170);
}

/** The waking hours of a day up to `untilS`, by the weekly rhythm and what the plot says about the day. */
export function walk(person: Person, day: LocalDay, plot: DayPlot, untilS: number, chance: Chance): Hour[] {
  const weekend = day.weekday >= 6;
  const hours: Hour[] = [];
  for (let startS = day.startS; startS + HOUR_S <= untilS; startS += HOUR_S) {
    const offsetS = day.offsetAt(startS);
    const localHour = Math.floor((startS + offsetS) / HOUR_S) % 24;
    if (localHour < WAKING.from || localHour >= WAKING.before) continue;
    const running = plot.run && localHour === RUN_HOUR;
    const slots = [0, 1, 2, 3].map((at) => {
      const steps = running && at < 3 ? chance.int(2150, 2500) : stepsOf(localHour, weekend, chance);
      const eased = plot.cold > 0 ? Math.floor(steps * 0.4) : steps;
      return slotOf(startS + at * SLOT_S, offsetS, plot.inBed ? 0 : eased, running && at < 3, person);
    });
    // Who has no epochs is seen by the watch's daily summary alone: it covers the day whole, so the watch stays on.
    const charging = person.habits.epochs && plot.chargingHour === localHour;
    const worn = !plot.watchForgotten && !charging;
    const moved = slots.some((slot) => slot.steps > 0);
    hours.push({
      startS,
      offsetS,
      localHour,
      slots,
      floors: moved && !charging && chance.hit(0.25) ? chance.int(1, 3) : 0,
      worn,
      carriedSlots: worn ? (([0, 0, 2, 4] as const)[chance.int(0, 3)] ?? 0) : 4,
    });
  }
  return hours;
}
