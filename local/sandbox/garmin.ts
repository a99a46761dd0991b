import type { BodyDay } from './body.ts';
import { asleepSeconds, stageSeconds, type Night, type Stage } from './night.ts';
import type { Person } from './person.ts';
import type { Weighing } from './scale.ts';
import { HOUR_S, SLOT_S, type Slot } from './walk.ts';

/** A record as the watch maker pushes it; the shapes of the Health API document, version 1.2.2. */
export type WatchRecord = Readonly<Record<string, unknown>>;

const sum = (slots: readonly Slot[], of: (slot: Slot) => number): number =>
  slots.reduce((total, slot) => total + of(slot), 0);

/** What the watch has seen before `untilS`. */
function seen(body: BodyDay, untilS: number): Slot[] {
  return body.hours.filter((hour) => hour.worn && hour.startS + HOUR_S <= untilS).flatMap((hour) => hour.slots);
}

const head = (person: Person, startS: number, kind: string): WatchRecord => ({
  userId: person.watchId,
  summaryId: `${person.deviceId}-${startS.toString(16)}-${kind}`,
});

/** Seconds of hard and of medium effort: of a run, and of brisk walking. */
export const vigorousSeconds = (slots: readonly Slot[]): number =>
  sum(slots, (slot) => (slot.running ? slot.activeS : 0));
export const moderateSeconds = (slots: readonly Slot[]): number =>
  sum(slots, (slot) => (!slot.running && slot.steps > 400 ? slot.activeS : 0));

/** The `dailies` record of a day as it stands at `untilS`. */
export function dailyRecord(person: Person, body: BodyDay, untilS = body.untilS): WatchRecord {
  const { day, heart } = body;
  const slots = seen(body, untilS);
  const samples = [...heart.samples].filter(([atS]) => day.startS + atS < untilS);
  const beats = samples.map(([, bpm]) => bpm);
  const share = (untilS - day.startS) / (body.untilS - day.startS);
  const hours = body.hours.filter((hour) => hour.worn && hour.startS + HOUR_S <= untilS);
  return {
    ...head(person, day.startS, '0'),
    calendarDate: day.date,
    activityType: 'WALKING',
    activeKilocalories: sum(slots, (slot) => slot.kcal),
    bmrKilocalories: Math.floor(body.basalKcal * share),
    steps: sum(slots, (slot) => slot.steps),
    distanceInMeters: sum(slots, (slot) => slot.cm) / 100,
    durationInSeconds: untilS - day.startS,
    activeTimeInSeconds: sum(slots, (slot) => slot.activeS),
    startTimeInSeconds: day.startS,
    startTimeOffsetInSeconds: day.offsetAt(day.startS),
    moderateIntensityDurationInSeconds: moderateSeconds(slots),
    vigorousIntensityDurationInSeconds: vigorousSeconds(slots),
    floorsClimbed: hours.reduce((total, hour) => total + hour.floors, 0),
    minHeartRateInBeatsPerMinute: Math.min(heart.restingBpm, ...beats),
    // Documented as a rolling mean of seven days: no part of the day it comes with.
    averageHeartRateInBeatsPerMinute: person.restingBpm + 14,
    maxHeartRateInBeatsPerMinute: untilS === body.untilS ? heart.maxBpm : Math.max(heart.restingBpm, ...beats),
    restingHeartRateInBeatsPerMinute: heart.restingBpm,
    timeOffsetHeartRateSamples: Object.fromEntries(samples),
    averageStressLevel: heart.stress ?? -1,
    maxStressLevel: heart.stress === undefined ? -1 : heart.stress + 30,
    stepsGoal: 8000,
    floorsClimbedGoal: 10,
  };
}

function epoch(person: Person, slot: Slot, activityType: string, moved: boolean, activeS: number): WatchRecord {
  return {
    ...head(person, slot.startS, moved ? '1' : '8'),
    activityType,
    activeKilocalories: moved ? slot.kcal : 0,
    steps: moved ? slot.steps : 0,
    distanceInMeters: moved ? slot.cm / 100 : 0,
    durationInSeconds: SLOT_S,
    activeTimeInSeconds: activeS,
    startTimeInSeconds: slot.startS,
    startTimeOffsetInSeconds: slot.offsetS,
    met: slot.running ? 9.8 : moved ? 3.3 : 1,
    intensity: slot.running ? 'HIGHLY_ACTIVE' : moved ? 'ACTIVE' : 'SEDENTARY',
    meanMotionIntensity: moved ? 4 : 1,
    maxMotionIntensity: moved ? 7 : 2,
  };
}

/** The `epochs` records until `untilS`: one per quarter of an hour and kind of activity, their active times adding up to 900 s. */
export function epochRecords(person: Person, body: BodyDay, untilS = body.untilS): WatchRecord[] {
  return seen(body, untilS).flatMap((slot) => {
    const still = SLOT_S - slot.activeS;
    const moving =
      slot.steps > 0 ? [epoch(person, slot, slot.running ? 'RUNNING' : 'WALKING', true, slot.activeS)] : [];
    return still > 0 ? [...moving, epoch(person, slot, 'SEDENTARY', false, still)] : moving;
  });
}

/** The `sleeps` record of a night that ended on the day. */
export function sleepRecord(person: Person, body: BodyDay, night: Night): WatchRecord {
  const levels = (stage: Stage): WatchRecord[] =>
    night.segments
      .filter((segment) => segment.stage === stage)
      .map((segment) => ({ startTimeInSeconds: segment.startS, endTimeInSeconds: segment.endS }));
  const napS = body.plot.nap ? 1500 : 0;
  return {
    ...head(person, night.startS, 'sleep'),
    calendarDate: body.day.date,
    durationInSeconds: asleepSeconds(night),
    startTimeInSeconds: night.startS,
    startTimeOffsetInSeconds: night.offsetS,
    totalNapDurationInSeconds: napS,
    unmeasurableSleepInSeconds: 0,
    deepSleepDurationInSeconds: stageSeconds(night, 'deep'),
    lightSleepDurationInSeconds: stageSeconds(night, 'light'),
    remSleepInSeconds: stageSeconds(night, 'rem'),
    awakeDurationInSeconds: stageSeconds(night, 'awake'),
    sleepLevelsMap: {
      deep: levels('deep'),
      light: levels('light'),
      rem: levels('rem'),
      awake: levels('awake'),
    },
    validation: 'AUTO_FINAL',
    overallSleepScore: { value: night.score, qualifierKey: qualifier(night.score) },
    ...(napS === 0
      ? {}
      : {
          naps: [
            {
              napDurationInSeconds: napS,
              napStartTimeInSeconds: body.day.startS + 14 * HOUR_S,
              napOffsetInSeconds: body.day.offsetAt(body.day.startS + 14 * HOUR_S),
              napValidation: 'DEVICE',
            },
          ],
        }),
  };
}

function qualifier(score: number): string {
  return score >= 90 ? 'EXCELLENT' : score >= 80 ? 'GOOD' : score >= 60 ? 'FAIR' : 'POOR';
}

/** The `bodyComps` record of a weighing. */
export function bodyRecord(person: Person, weighing: Weighing): WatchRecord {
  return {
    ...head(person, weighing.atS, 'weight'),
    measurementTimeInSeconds: weighing.atS,
    measurementTimeOffsetInSeconds: weighing.offsetS,
    weightInGrams: weighing.grams,
    ...(weighing.bmiTenths === undefined
      ? {}
      : {
          muscleMassInGrams: weighing.muscleG,
          boneMassInGrams: weighing.boneG,
          bodyWaterInPercent: (weighing.waterPermille ?? 0) / 10,
          bodyFatInPercent: (weighing.fatPermille ?? 0) / 10,
          bodyMassIndex: weighing.bmiTenths / 10,
        }),
  };
}

/** The `activities` record of the day's run, undefined on a day without. Its energy includes the body's basal use, as documented. */
export function activityRecord(person: Person, body: BodyDay): WatchRecord | undefined {
  const slots = seen(body, body.untilS).filter((slot) => slot.running);
  const first = slots[0];
  if (first === undefined) return undefined;
  const durationS = slots.length * SLOT_S;
  const steps = sum(slots, (slot) => slot.steps);
  const meters = sum(slots, (slot) => slot.cm) / 100;
  return {
    ...head(person, first.startS, 'run'),
    activityId: 7_000_000_000 + Math.floor(first.startS / 60),
    activityName: 'Running',
    activityType: 'RUNNING',
    deviceName: 'Forerunner 265',
    durationInSeconds: durationS,
    startTimeInSeconds: first.startS,
    startTimeOffsetInSeconds: first.offsetS,
    distanceInMeters: meters,
    activeKilocalories: sum(slots, (slot) => slot.kcal) + Math.round((person.basalKcal * durationS) / 86_400),
    averageHeartRateInBeatsPerMinute: person.restingBpm + 95,
    maxHeartRateInBeatsPerMinute: body.heart.maxBpm,
    averageSpeedInMetersPerSecond: Math.round((meters / durationS) * 1000) / 1000,
    averageRunCadenceInStepsPerMinute: Math.round((steps * 60) / durationS),
    steps,
    totalElevationGainInMeters: 34.5,
    manual: false,
    isWebUpload: false,
  };
}
