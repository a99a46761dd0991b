import type { Chance } from './chance.ts';

/** What is special about one day of one person; most days nothing is. */
export interface DayPlot {
  readonly away: boolean;
  /** 0 healthy, 1 a cold. */
  readonly cold: number;
  /** In bed all day: every count is zero. */
  readonly inBed: boolean;
  /** The watch stayed in the drawer from the night on. */
  readonly watchForgotten: boolean;
  /** The local hour in which the watch is on its charger and the phone in the pocket. */
  readonly chargingHour: number | undefined;
  readonly run: boolean;
  readonly nap: boolean;
  /** The start of the night is corrected later in the day. */
  readonly sleepEdited: boolean;
  /** The day is also sent while it runs; `late` puts that older statement behind the whole one. */
  readonly running: 'no' | 'early' | 'late';
  /** Days the evening's deliveries wait. */
  readonly delayDays: number;
  /** Everything of the day is delivered a second time. */
  readonly repeated: boolean;
}

/** Journeys and colds take this much of a range; ranges too short for them have none. */
const JOURNEY = { share: 1 / 10, least: 3, from: 14 };
const COLD = { days: 4, from: 14 };

interface Range {
  readonly days: number;
  readonly travels: boolean;
  /** Indexes of days on which the clocks change. */
  readonly clockChanges: readonly number[];
}

const span = (first: number, days: number): Set<number> => new Set(Array.from({ length: days }, (_, at) => first + at));

function journey(range: Range): Set<number> {
  if (!range.travels || range.days < JOURNEY.from) return new Set();
  const length = Math.max(JOURNEY.least, Math.floor(range.days * JOURNEY.share));
  const clear = (first: number): boolean =>
    range.clockChanges.every((day) => day < first - 2 || day > first + length + 2);
  const first = [0.25, 0.6, 0.1, 0.45].map((share) => Math.floor(range.days * share)).find(clear);
  return first === undefined ? new Set() : span(first, length);
}

/** Decides what happens on each of the days; every kind of trouble occurs once the range has three weeks. */
export function createPlot(range: Range, chance: Chance): DayPlot[] {
  const away = journey(range);
  const coldFrom = range.days < COLD.from ? undefined : Math.floor(range.days * 0.78);
  const cold = coldFrom === undefined ? new Set<number>() : span(coldFrom, COLD.days);
  const free = chance.shuffle(
    Array.from({ length: range.days }, (_, day) => day).filter(
      (day) => day > 0 && day < range.days - 2 && !away.has(day) && !cold.has(day) && !range.clockChanges.includes(day),
    ),
  );
  const take = (every: number): Set<number> =>
    new Set(free.splice(0, Math.min(Math.max(1, Math.floor(range.days / every)), free.length)));
  const [forgotten, edited, late, delayed, repeated, early] = [
    take(30),
    take(18),
    take(45),
    take(30),
    take(18),
    take(9),
  ];
  return Array.from({ length: range.days }, (_, day) => ({
    away: away.has(day),
    cold: cold.has(day) ? 1 : 0,
    inBed: coldFrom !== undefined && day === coldFrom + 1,
    watchForgotten: forgotten.has(day),
    chargingHour: chance.hit(0.4) ? chance.int(19, 21) : undefined,
    run: !cold.has(day) && !forgotten.has(day) && chance.hit(0.4),
    nap: chance.hit(0.1),
    sleepEdited: edited.has(day),
    running: late.has(day) ? 'late' : early.has(day) ? 'early' : 'no',
    delayDays: delayed.has(day) ? chance.int(2, 4) : 0,
    repeated: repeated.has(day),
  }));
}
