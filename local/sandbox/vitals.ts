import type { Chance } from './chance.ts';
import type { Person } from './person.ts';
import type { DayPlot } from './plot.ts';

/** What a body is inside on one day, and in the night before it. Whole numbers in small units, so that every source can say it exactly. */
export interface Vitals {
  /** Heart rate asleep: its mean, and how far the lowest lies below. */
  readonly nightBpm: number;
  readonly dipBpm: number;
  /** Heart rate variability asleep, RMSSD in ms. */
  readonly hrvMs: number;
  /** Breaths a minute asleep, in eighths. */
  readonly breathEighths: number;
  /** Oxygen saturation asleep, tenths of a percent. */
  readonly oxygenPermille: number;
  /** Skin temperature asleep against the usual, hundredths of a degree C. */
  readonly warmerCenti: number;
  /** Body temperature, tenths of a degree C. */
  readonly bodyTenths: number;
  /** Stops of breath an hour. */
  readonly apneas: number;
  readonly systolic: number;
  readonly diastolic: number;
  readonly pulseBpm: number;
  /** Whether somebody with a cuff, or with a thermometer, uses it after waking. */
  readonly takesPressure: boolean;
  readonly takesTemperature: boolean;
  /** Pulse wave velocity, tenths of m/s. */
  readonly waveTenths: number;
  /** Age of the vessels in years; the body's, not the day's. */
  readonly vesselYears: number;
  /** mL/kg/min; the body's, not the day's. */
  readonly oxygenUptake: number;
}

/** The day's vitals; a cold raises heart rate and temperature and lowers the variability. */
export function feel(person: Person, plot: DayPlot, chance: Chance): Vitals {
  const ill = plot.cold > 0;
  return {
    nightBpm: person.restingBpm + 6 + (ill ? 8 : 0) + chance.int(-2, 2),
    dipBpm: chance.int(4, 9),
    hrvMs: 96 - person.restingBpm - (ill ? 14 : 0) + chance.int(-6, 8),
    breathEighths: 112 + (ill ? 16 : 0) + chance.int(-6, 6),
    oxygenPermille: 968 - (ill ? 8 : 0) + chance.int(-6, 8),
    warmerCenti: (ill ? 85 : 0) + chance.int(-25, 25),
    bodyTenths: ill ? chance.int(379, 392) : chance.int(363, 369),
    apneas: chance.int(1, 6),
    systolic: 116 + chance.int(-8, 14),
    diastolic: 74 + chance.int(-6, 8),
    pulseBpm: person.restingBpm + 9 + (ill ? 8 : 0) + chance.int(-3, 5),
    takesPressure: chance.hit(0.3),
    takesTemperature: chance.hit(0.06) || ill,
    waveTenths: 66 + (person.restingBpm % 7) + chance.int(-2, 2),
    vesselYears: 28 + (person.heightCm % 11),
    oxygenUptake: 104 - person.restingBpm,
  };
}

/** `count` heart rates whose mean is `meanBpm` exactly and whose lowest is `dipBpm` below it (one reading: the mean). */
export function beats(count: number, meanBpm: number, dipBpm: number, chance: Chance): number[] {
  const pairs = Array.from({ length: Math.floor(count / 2) }, (_, at) => (at === 0 ? dipBpm : chance.int(0, dipBpm)));
  const values = pairs.flatMap((off) => [meanBpm - off, meanBpm + off]);
  return chance.shuffle(count % 2 === 0 ? values : [...values, meanBpm]);
}
