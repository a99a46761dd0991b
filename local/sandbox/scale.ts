import type { LocalDay } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Person } from './person.ts';

/** One weighing. A weight typed in by hand has nothing but the weight. */
export interface Weighing {
  readonly atS: number;
  readonly offsetS: number;
  readonly grams: number;
  readonly fatPermille: number | undefined;
  readonly waterPermille: number | undefined;
  readonly muscleG: number | undefined;
  readonly boneG: number | undefined;
  /** Tenths of kg/m2. */
  readonly bmiTenths: number | undefined;
}

const MORNING_S = 25_200 + 600;
const EVENING_S = 75_600 + 300;

function weighing(person: Person, atS: number, offsetS: number, grams: number, chance: Chance): Weighing {
  const typed = chance.hit(0.15);
  const heightM = person.heightCm / 100;
  return {
    atS,
    offsetS,
    grams,
    fatPermille: typed ? undefined : chance.int(180, 230),
    waterPermille: typed ? undefined : chance.int(540, 600),
    muscleG: typed ? undefined : Math.floor(grams * 0.42),
    boneG: typed ? undefined : Math.floor(grams * 0.045),
    bmiTenths: typed ? undefined : Math.round(grams / 100 / (heightM * heightM)),
  };
}

/** The day's weighings before `untilS`: most mornings, now and then a second one in the evening. None while away or in a plane. */
export function weigh(person: Person, day: LocalDay, index: number, untilS: number, chance: Chance): Weighing[] {
  if (!day.nightAtPlace || day.zone !== person.zone || chance.hit(0.3)) return [];
  const trend = Math.floor(index * -12 + chance.int(-350, 350));
  const times = chance.hit(0.15) ? [MORNING_S, EVENING_S] : [MORNING_S];
  return times
    .map((ofDay, at) => {
      // By the clock on the wall: on a day with a change, noon is not twelve hours after midnight.
      const midnightS = day.startS + day.offsetAt(day.startS);
      const atS = midnightS + ofDay - day.offsetAt(midnightS + ofDay - day.offsetAt(day.startS));
      return weighing(person, atS, day.offsetAt(atS), person.weightG + trend + at * 600, chance);
    })
    .filter(({ atS }) => atS < untilS);
}
