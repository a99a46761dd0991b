import { wallTime } from './calendar.ts';
import type { BodyDay } from './body.ts';
import { asleepSeconds, stageSeconds } from './night.ts';
import type { Person } from './person.ts';
import { HOUR_S, SLOT_S, type Hour, type Slot } from './walk.ts';

/** Rows of one metric in a body of Health Auto Export. */
export interface PhoneMetric {
  readonly name: string;
  readonly units: string;
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

const KJ_PER_KCAL = 4.184;
const CM_PER_KM = 100_000;
const CM_PER_MI = 160_934.4;

/** `2026-09-11 07:00:00 +0200`: the wall time with the phone's offset. */
function stamp(s: number, offsetS: number): string {
  const minutes = Math.abs(offsetS) / 60;
  const digits = `${Math.floor(minutes / 60)}`.padStart(2, '0') + `${minutes % 60}`.padStart(2, '0');
  return `${wallTime(s, offsetS)} ${offsetS < 0 ? '-' : '+'}${digits}`;
}

interface Counted {
  readonly startS: number;
  readonly offsetS: number;
  readonly steps: number;
  readonly cm: number;
  readonly kcal: number;
  readonly floors: number;
}

/** What the phone counted in an hour before `untilS`: the slots in which it was carried. */
function counted(hour: Hour, untilS: number): Counted {
  const slots = hour.slots.slice(0, hour.carriedSlots).filter((slot) => slot.startS + SLOT_S <= untilS);
  const sum = (of: (slot: Slot) => number): number => slots.reduce((total, slot) => total + of(slot), 0);
  return {
    startS: hour.startS,
    offsetS: hour.offsetS,
    steps: sum((slot) => slot.steps),
    cm: sum((slot) => slot.cm),
    kcal: sum((slot) => slot.kcal),
    floors: slots.length === hour.slots.length ? hour.floors : 0,
  };
}

/** The phone's counts as the app sends them: nothing is sent where nothing was counted. */
function metrics(person: Person, rows: readonly Counted[], source: string): PhoneMetric[] {
  const { distance, energy } = person.habits;
  const metric = (name: string, units: string, of: (row: Counted) => number): PhoneMetric => ({
    name,
    units,
    data: rows
      .filter((row) => of(row) > 0)
      .map((row) => ({ date: stamp(row.startS, row.offsetS), qty: of(row), source })),
  });
  return [
    metric('step_count', 'count', (row) => row.steps),
    metric('walking_running_distance', distance, (row) => row.cm / (distance === 'km' ? CM_PER_KM : CM_PER_MI)),
    metric('active_energy', energy, (row) => row.kcal * (energy === 'kJ' ? KJ_PER_KCAL : 1)),
    metric('flights_climbed', 'count', (row) => row.floors),
    // A name no table maps: counted as ignored, and nothing else.
    metric('walking_step_length', 'cm', (row) => (row.steps > 0 ? person.strideCm : 0)),
  ];
}

/** Rows by hour, as they stand at `untilS`. */
export function hourlyMetrics(
  person: Person,
  body: BodyDay,
  untilS = body.untilS,
  source = person.phoneName,
): PhoneMetric[] {
  return metrics(
    person,
    body.hours.map((hour) => counted(hour, untilS)),
    source,
  );
}

/** One row for the whole day, stamped at its midnight. */
export function dayMetrics(person: Person, body: BodyDay): PhoneMetric[] {
  const { day } = body;
  const none: Counted = { startS: day.startS, offsetS: day.offsetAt(day.startS), steps: 0, cm: 0, kcal: 0, floors: 0 };
  const total = body.hours
    .map((hour) => counted(hour, body.untilS))
    .reduce(
      (sum, row) => ({
        ...sum,
        steps: sum.steps + row.steps,
        cm: sum.cm + row.cm,
        kcal: sum.kcal + row.kcal,
        floors: sum.floors + row.floors,
      }),
      none,
    );
  return metrics(person, [total], person.phoneName);
}

/** The body's height as the health app keeps it. */
export function heightMetric(person: Person, body: BodyDay): PhoneMetric {
  const { day } = body;
  const date = stamp(day.startS, day.offsetAt(day.startS));
  return { name: 'height', units: 'cm', data: [{ date, qty: person.heightCm, source: person.phoneName }] };
}

const hours = (s: number): number => s / HOUR_S;

/** The night as the phone beside the bed saw it, in hours. */
export function sleepMetric(person: Person, body: BodyDay): PhoneMetric | undefined {
  const { night, day } = body;
  if (night === undefined) return undefined;
  const offsetS = day.offsetAt(night.endS);
  const [start, end] = [stamp(night.startS, night.offsetS), stamp(night.endS, offsetS)];
  return {
    name: 'sleep_analysis',
    units: 'hr',
    data: [
      {
        date: stamp(day.startS, day.offsetAt(day.startS)),
        totalSleep: hours(asleepSeconds(night)),
        asleep: 0,
        core: hours(stageSeconds(night, 'light')),
        deep: hours(stageSeconds(night, 'deep')),
        rem: hours(stageSeconds(night, 'rem')),
        awake: hours(stageSeconds(night, 'awake')),
        sleepStart: start,
        sleepEnd: end,
        inBed: hours(night.endS - night.startS),
        inBedStart: start,
        inBedEnd: end,
        source: person.phoneName,
      },
    ],
  };
}

/** A walk logged by hand on the phone: the first hour of the day in which it was carried throughout. */
export function walkWorkout(person: Person, body: BodyDay, id: string): Readonly<Record<string, unknown>> | undefined {
  const hour = body.hours.find(
    (candidate) => candidate.carriedSlots === 4 && counted(candidate, body.untilS).steps > 500,
  );
  if (hour === undefined) return undefined;
  const { cm, kcal } = counted(hour, body.untilS);
  const { distance } = person.habits;
  return {
    id,
    name: 'Outdoor Walk',
    start: stamp(hour.startS, hour.offsetS),
    end: stamp(hour.startS + HOUR_S, hour.offsetS),
    duration: HOUR_S,
    location: 'Outdoor',
    isIndoor: false,
    activeEnergyBurned: { qty: kcal, units: 'kcal' },
    distance: { qty: cm / (distance === 'km' ? CM_PER_KM : CM_PER_MI), units: distance },
    heartRateData: [],
    route: [],
  };
}
