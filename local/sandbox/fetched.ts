import type { BodyDay } from './body.ts';
import { moderateSeconds, vigorousSeconds } from './garmin.ts';
import { asleepSeconds } from './night.ts';
import { activityDocument, type Beat } from './oura-day.ts';
import { UPTAKE_DAY } from './oura-morning.ts';
import { efficiencyPct } from './oura-night.ts';
import type { Person } from './person.ts';
import type { Weighing } from './scale.ts';
import type { Fact } from './truth.ts';
import { breaths, wakeups } from './withings-night.ts';
import { fatG, isTyped, waterG } from './withings-scale.ts';

/** What of the fetched sources a person uses, and their heart rates of all days. */
export interface Fetched {
  readonly ring: readonly Beat[] | undefined;
  readonly scale: readonly Beat[] | undefined;
}

const CONVERTED = 1e-6;

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

function meanOn({ day }: BodyDay, beats: readonly Beat[]): number | undefined {
  return mean(beats.filter(({ atS }) => atS >= day.startS && atS < day.endS).map(({ bpm }) => bpm));
}

/** Heart rates of the first night that lie on the evening before the first day, of which nothing else is known. */
export function eveBefore([first]: readonly BodyDay[], { ring, scale }: Fetched): number | undefined {
  const beats = ring ?? scale ?? [];
  return mean(beats.filter(({ atS }) => first !== undefined && atS < first.day.startS).map(({ bpm }) => bpm));
}

/** A day with the dress watch, which is a watch like any other: it is believed before all but another watch. */
export function dressed(body: BodyDay): Fact[] {
  const slots = body.hours.filter((hour) => hour.worn).flatMap((hour) => hour.slots);
  const [moderate, vigorous] = [moderateSeconds(slots), vigorousSeconds(slots)];
  const kcal = slots.reduce((total, slot) => total + slot.kcal, 0);
  return [
    ['energy_total_kcal', body.basalKcal + kcal],
    // Its maker calls active what is at least moderate.
    ['active_time_s', moderate + vigorous],
    ['intensity_moderate_s', moderate],
    ['intensity_vigorous_s', vigorous],
    ['heart_rate_bpm', mean([...body.heart.samples.values()]), CONVERTED],
    ['heart_rate_max_24h_bpm', body.heart.maxBpm],
  ];
}

/** A day on which the watch was forgotten: the ring is believed before the phone, so what it counted of the day is the day. */
export function ringed(body: BodyDay, bodies: readonly BodyDay[], beats: readonly Beat[]): Fact[] {
  const nights = bodies.flatMap(({ night }) => (night === undefined ? [] : [night]));
  // The ring's own day ends at four the next morning, when nobody walks: the counts are those of the date.
  const whole = activityDocument(body, nights, body.day.endS + 86_400);
  const said = (field: string): number => Number(whole[field]);
  return [
    ['energy_total_kcal', said('total_calories')],
    ['intensity_moderate_s', said('medium_activity_time')],
    ['intensity_vigorous_s', said('high_activity_time')],
    ['sedentary_time_s', said('sedentary_time')],
    ['heart_rate_bpm', meanOn(body, beats), CONVERTED],
  ];
}

/** Heart rate where neither watch nor ring was worn: a scale that feels the pulse is believed before the mat, of which we do not know what kind of thing it is. */
export function unworn(person: Person, body: BodyDay, beats: readonly Beat[]): Fact[] {
  const felt = person.habits.bathroomScale === 'Body Cardio' && body.weighings.some((one) => !isTyped(one));
  return [['heart_rate_bpm', felt ? body.vitals.pulseBpm : meanOn(body, beats), CONVERTED]];
}

/** What of a night no watch tells. Somebody has a ring or a mat, nobody both. */
export function nightly(person: Person, body: BodyDay, { ring, scale }: Fetched): Fact[] {
  const { night, vitals, day } = body;
  const mat = scale !== undefined && person.habits.mat;
  if (night === undefined || (ring === undefined && !mat)) return [];
  const both: Fact[] = [
    ['sleep_in_bed_s', night.endS - night.startS],
    ['sleep_latency_s', 0],
    ['sleep_hr_avg_bpm', vitals.nightBpm],
    ['sleep_hr_lowest_bpm', vitals.nightBpm - vitals.dipBpm],
    ['hrv_rmssd_ms', vitals.hrvMs],
  ];
  if (ring === undefined) {
    return [
      ...both,
      // A share of the two durations the mat tells; the ring tells a whole percent itself.
      ['sleep_efficiency_pct', (100 * asleepSeconds(night)) / (night.endS - night.startS), CONVERTED],
      ['respiratory_rate_brpm', breaths(body)],
      ['wakeups', wakeups(night)],
      ['apnea_hypopnea_index', vitals.apneas],
    ];
  }
  return [
    ...both,
    ['sleep_efficiency_pct', efficiencyPct(night)],
    ['respiratory_rate_brpm', vitals.breathEighths / 8],
    ['skin_temperature_dev_c', vitals.warmerCenti / 100, CONVERTED],
    ['spo2_pct', vitals.oxygenPermille / 10, CONVERTED],
    ['vascular_age_y', vitals.vesselYears],
    ['pulse_wave_velocity_m_s', vitals.waveTenths / 10, CONVERTED],
    ['vo2max_ml_kg_min', day.weekday === UPTAKE_DAY ? vitals.oxygenUptake : undefined],
  ];
}

/** What is measured after waking; of the temperatures of a day the highest counts. */
export function measured(person: Person, { night, vitals }: BodyDay): Fact[] {
  if (night === undefined) return [];
  const { cuff, mat } = person.habits;
  return [
    ...(cuff && vitals.takesPressure
      ? ([
          ['bp_systolic_mmhg', vitals.systolic],
          ['bp_diastolic_mmhg', vitals.diastolic],
        ] satisfies Fact[])
      : []),
    ['body_temperature_c', mat && vitals.takesTemperature ? vitals.bodyTenths / 10 : undefined, CONVERTED],
  ];
}

/** What a weighing tells that the usual scale does not, or that nobody else tells: a scale is believed before a number typed in. */
export function weighedAnew(person: Person, { weighings, vitals }: BodyDay, onlyScale: boolean): Fact[] {
  const full = weighings.findLast((one) => !isTyped(one));
  const masses: Fact[] =
    full === undefined
      ? []
      : [
          ['fat_mass_kg', fatG(full) / 1000, CONVERTED],
          ['lean_mass_kg', (full.grams - fatG(full)) / 1000, CONVERTED],
        ];
  if (!onlyScale) return masses;
  const heightM = person.heightCm / 100;
  const last = weighings.at(-1);
  return [
    ...masses,
    ...(full === undefined ? [] : composed(full)),
    ...(full === undefined || person.habits.bathroomScale === 'Body+'
      ? []
      : ([
          ['vascular_age_y', vitals.vesselYears],
          ['pulse_wave_velocity_m_s', vitals.waveTenths / 10, CONVERTED],
        ] satisfies Fact[])),
    ['weight_kg', last === undefined ? undefined : last.grams / 1000, CONVERTED],
    ['bmi_kg_m2', last === undefined ? undefined : last.grams / 1000 / (heightM * heightM), CONVERTED],
  ];
}

function composed(full: Weighing): Fact[] {
  return [
    ['body_fat_pct', (full.fatPermille ?? 0) / 10, CONVERTED],
    ['body_water_kg', waterG(full) / 1000, CONVERTED],
    ['muscle_mass_kg', (full.muscleG ?? 0) / 1000, CONVERTED],
    ['bone_mass_kg', (full.boneG ?? 0) / 1000, CONVERTED],
  ];
}
