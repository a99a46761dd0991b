import type { BodyDay } from './body.ts';
import { localIso } from './calendar.ts';
import { uuid, type Chance } from './chance.ts';
import { moderateSeconds, vigorousSeconds } from './garmin.ts';
import type { HeldRecord } from './holding.ts';
import type { Night } from './night.ts';
import { HOUR_S, SLOT_S, type Slot } from './walk.ts';

/** The ring's day of activity runs from four in the morning to four in the morning. */
const FIRST_S = 4 * HOUR_S;
const STEP_S = 300;
const MINUTE_S = 60;

export interface Beat {
  readonly atS: number;
  readonly bpm: number;
  readonly source: 'awake' | 'sleep';
}

const slotsBefore = (body: BodyDay, untilS: number): Slot[] =>
  body.hours.flatMap((hour) => hour.slots).filter((slot) => slot.startS + SLOT_S <= untilS);

/** Seconds of the day spent resting: in bed. */
function restingSeconds(nights: readonly Night[], fromS: number, toS: number): number {
  return nights.reduce((sum, night) => sum + Math.max(0, Math.min(night.endS, toS) - Math.max(night.startS, fromS)), 0);
}

/** The class of activity at an instant: 1 rest, 2 inactive, 3 low, 4 medium, 5 high. */
function classAt(atS: number, slots: readonly Slot[], nights: readonly Night[]): number {
  if (nights.some((night) => atS >= night.startS && atS < night.endS)) return 1;
  const slot = slots.find((one) => atS >= one.startS && atS < one.startS + SLOT_S);
  if (slot === undefined || slot.steps === 0) return 2;
  return slot.running ? 5 : slot.steps > 400 ? 4 : 3;
}

const METS = [0.1, 0.9, 1.1, 2.4, 3.6, 9.2];

/** A day on which the ring was worn, as it stands at `untilS`: counts and times that grow until the day is over. */
export function activityDocument(
  body: BodyDay,
  nights: readonly Night[],
  untilS: number,
): Readonly<Record<string, unknown>> {
  const { day } = body;
  const fromS = day.startS + FIRST_S;
  const toS = Math.min(untilS, day.endS + FIRST_S);
  const slots = slotsBefore(body, toS);
  const sum = (of: (slot: Slot) => number): number => slots.reduce((total, slot) => total + of(slot), 0);
  const [high, medium] = [vigorousSeconds(slots), moderateSeconds(slots)];
  const low = sum((slot) => slot.activeS) - high - medium;
  const resting = restingSeconds(nights, fromS, toS);
  const kcal = sum((slot) => slot.kcal);
  const meters = Math.round(sum((slot) => slot.cm) / 100);
  const elapsedS = toS - fromS;
  const classes = Array.from({ length: Math.floor(elapsedS / STEP_S) }, (_, at) =>
    classAt(fromS + at * STEP_S, slots, nights),
  );
  const start = localIso(fromS, day.offsetAt(fromS));
  return {
    class_5_min: classes.join(''),
    score: Math.min(100, 50 + Math.floor(sum((slot) => slot.steps) / 300)),
    active_calories: kcal,
    average_met_minutes: 1.375,
    contributors: {
      meet_daily_targets: 60,
      move_every_hour: 95,
      recovery_time: 100,
      stay_active: 80,
      training_frequency: 71,
      training_volume: 88,
    },
    equivalent_walking_distance: meters,
    high_activity_met_minutes: Math.round((high * 9) / MINUTE_S),
    high_activity_time: high,
    inactivity_alerts: 0,
    low_activity_met_minutes: Math.round((low * 2) / MINUTE_S),
    low_activity_time: low,
    medium_activity_met_minutes: Math.round((medium * 4) / MINUTE_S),
    medium_activity_time: medium,
    met: {
      interval: MINUTE_S,
      items: classes.flatMap((one) => Array.from({ length: STEP_S / MINUTE_S }, () => METS[one] ?? 0.9)),
      timestamp: start.replace(/(?=[+-]\d\d:\d\d$)/, '.000'),
    },
    meters_to_target: 7000 - meters,
    non_wear_time: 0,
    resting_time: resting,
    sedentary_met_minutes: 10,
    sedentary_time: elapsedS - resting - high - medium - low,
    steps: sum((slot) => slot.steps),
    target_calories: 350,
    target_meters: 7000,
    total_calories: Math.floor((body.basalKcal * elapsedS) / (day.endS - day.startS)) + kcal,
    day: day.date,
    timestamp: start,
  };
}

/** The versions of a day on the finger: at noon, in the evening, and when it is over. */
export function ringActivity(body: BodyDay, nights: readonly Night[], chance: Chance): HeldRecord[] {
  const { day } = body;
  const id = uuid(chance.fork('daily_activity'));
  return [12 * HOUR_S, 19 * HOUR_S, day.endS - day.startS + FIRST_S].map((afterS) => {
    const untilS = day.startS + afterS;
    const record = { id, ...activityDocument(body, nights, untilS) };
    const range = { fromS: day.startS + FIRST_S, toS: day.endS + FIRST_S, day: day.date };
    return { type: 'daily_activity', id, knownAtS: untilS + 600, ...range, record };
  });
}

/** Heart rates of a waking day on the finger, one a quarter of an hour. */
export function ringBeats(body: BodyDay, chance: Chance): Beat[] {
  return body.hours.flatMap((hour) =>
    hour.slots.map((slot): Beat => {
      const effort = slot.running ? 95 : 8 + Math.floor(slot.steps / 16);
      return { atS: slot.startS, bpm: body.heart.restingBpm + effort + chance.int(0, 7), source: 'awake' };
    }),
  );
}

/** The day's run, which the wearer confirms in the app. */
export function ringRun(body: BodyDay, chance: Chance): HeldRecord[] {
  const slots = body.hours.filter((hour) => hour.worn).flatMap((hour) => hour.slots.filter((slot) => slot.running));
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [fromS, toS] = [first.startS, last.startS + SLOT_S];
  const id = uuid(chance.fork('workout'));
  const record = {
    id,
    activity: 'running',
    calories: slots.reduce((sum, slot) => sum + slot.kcal, 0),
    day: body.day.date,
    distance: slots.reduce((sum, slot) => sum + slot.cm, 0) / 100,
    end_datetime: localIso(toS, last.offsetS),
    intensity: 'hard',
    label: null,
    source: 'confirmed',
    start_datetime: localIso(fromS, first.offsetS),
  };
  return [{ type: 'workout', id, knownAtS: toS + 1200, fromS, toS, day: body.day.date, record }];
}

/** Ten minutes of sitting still with the app, now and then. */
export function ringSession(body: BodyDay, chance: Chance): HeldRecord[] {
  const draw = chance.fork('session');
  const fromS = body.day.startS + 21 * HOUR_S;
  const toS = fromS + 600;
  if (!draw.hit(0.12) || toS > body.untilS) return [];
  const id = uuid(draw);
  const at = (s: number): string => localIso(s, body.day.offsetAt(s));
  const record = {
    id,
    day: body.day.date,
    start_datetime: at(fromS),
    end_datetime: at(toS),
    type: 'rest',
    heart_rate: null,
    heart_rate_variability: null,
    mood: null,
    motion_count: { interval: 5, items: [0], timestamp: at(fromS).replace(/(?=[+-]\d\d:\d\d$)/, '.000') },
  };
  return [{ type: 'session', id, knownAtS: toS + 60, fromS, toS, day: body.day.date, record }];
}
