import type { LocalDay } from './calendar.ts';
import type { Chance } from './chance.ts';
import { beat, type Heart } from './heart.ts';
import { eat, type DiaryRow } from './meals.ts';
import { sleep, type Night } from './night.ts';
import type { Person } from './person.ts';
import type { DayPlot } from './plot.ts';
import { weigh, type Weighing } from './scale.ts';
import { feel, type Vitals } from './vitals.ts';
import { walk, type Hour } from './walk.ts';

/** Everything that happened to one body on one day: the sources are views of this, and so is the truth. */
export interface BodyDay {
  readonly index: number;
  readonly day: LocalDay;
  readonly plot: DayPlot;
  /** The end of what has happened: the day's end, or earlier on the last day. */
  readonly untilS: number;
  readonly hours: readonly Hour[];
  readonly night: Night | undefined;
  readonly heart: Heart;
  readonly vitals: Vitals;
  readonly basalKcal: number;
  readonly weighings: readonly Weighing[];
  readonly meals: readonly DiaryRow[];
}

const DAY_S = 86_400;

/** Lives the days in order; on the last one only what happens before `untilHour` on the local clock. */
export function live(
  person: Person,
  days: readonly LocalDay[],
  plots: readonly DayPlot[],
  untilHour: number,
  chance: Chance,
): BodyDay[] {
  return days.flatMap((day, index) => {
    const plot = plots[index];
    if (plot === undefined) return [];
    const stream = chance.fork(day.date);
    const last = index === days.length - 1;
    const untilS = last ? Math.min(day.endS, day.startS + untilHour * 3600) : day.endS;
    const hours = walk(person, day, plot, untilS, stream.fork('walk'));
    return [
      {
        index,
        day,
        plot,
        untilS,
        hours,
        night: sleep(day, plot, stream.fork('sleep')),
        heart: beat(person, day, plot, hours, untilS, stream.fork('heart')),
        vitals: feel(person, plot, stream.fork('vitals')),
        basalKcal: Math.floor((person.basalKcal * (untilS - day.startS)) / DAY_S),
        weighings: weigh(person, day, index, untilS, stream.fork('scale')),
        meals: eat(last ? untilHour : 24, stream.fork('meals')),
      },
    ];
  });
}
