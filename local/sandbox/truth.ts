import type { BodyDay } from './body.ts';
import { addDays } from './calendar.ts';
import { GRAMS_PER_LB, type Diary, type DiaryDay } from './diary.ts';
import { dressed, eveBefore, measured, nightly, ringed, unworn, weighedAnew, type Fetched } from './fetched.ts';
import { moderateSeconds, vigorousSeconds } from './garmin.ts';
import { NUTRIENTS, type Nutrient } from './meals.ts';
import { asleepSeconds, stageSeconds } from './night.ts';
import type { Person } from './person.ts';
import type { Weighing } from './scale.ts';
import type { Slot } from './walk.ts';
import { wearsDressWatch } from './withings-day.ts';

/** What one metric truly was on one day, in its canonical unit. */
export interface Truth {
  /** Index of the person. */
  readonly user: number;
  readonly local_date: string;
  readonly metric: string;
  readonly value: number;
  /** 0: exact. Else the relative difference a conversion of units may leave. */
  readonly tolerance: number;
}

/** Conversions (kJ, mi, lb, hours) and quotients go through binary fractions. */
const CONVERTED = 1e-6;

export type Fact = readonly [metric: string, value: number | undefined, tolerance?: number];

const NUTRIENT_METRICS: Readonly<Record<Nutrient, string>> = {
  energy: 'diet_energy_kcal',
  fat: 'diet_fat_g',
  saturated: 'diet_sat_fat_g',
  cholesterol: 'diet_cholesterol_mg',
  sodium: 'diet_sodium_mg',
  potassium: 'diet_potassium_mg',
  carbs: 'diet_carbs_g',
  fiber: 'diet_fiber_g',
  sugar: 'diet_sugar_g',
  protein: 'diet_protein_g',
};

const positive = (value: number): number | undefined => (value > 0 ? value : undefined);

/** What the body moved. Every step counts once, whoever saw it: without the watch the phone was in the pocket, and the ring on the finger of who has one. */
function moved({ hours, plot }: BodyDay, { ring }: Fetched): Fact[] {
  const slots = hours.flatMap((hour) => hour.slots);
  const sum = (of: (slot: Slot) => number): number => slots.reduce((total, slot) => total + of(slot), 0);
  const floors = hours.reduce((total, hour) => total + hour.floors, 0);
  // The ring is believed before the phone and tells whole meters; floors it does not know.
  const byRing = plot.watchForgotten && ring !== undefined;
  const meters = sum((slot) => slot.cm) / 100;
  // A phone sends no zeros: a day it alone saw has no row where nothing happened.
  const told = plot.watchForgotten ? positive : (value: number): number => value;
  const seen = byRing ? (value: number): number => value : told;
  return [
    ['steps', seen(sum((slot) => slot.steps))],
    ['distance_m', seen(byRing ? Math.round(meters) : meters), CONVERTED],
    ['energy_active_kcal', seen(sum((slot) => slot.kcal)), CONVERTED],
    ['floors_climbed', told(floors)],
  ];
}

/** What only the watch knows: nothing of the hour on its charger. */
function watched(body: BodyDay): Fact[] {
  const slots = body.hours.filter((hour) => hour.worn).flatMap((hour) => hour.slots);
  const sum = (of: (slot: Slot) => number): number => slots.reduce((total, slot) => total + of(slot), 0);
  const beats = [...body.heart.samples.values()];
  return [
    ['energy_basal_kcal', body.basalKcal],
    ['energy_total_kcal', body.basalKcal + sum((slot) => slot.kcal)],
    ['active_time_s', sum((slot) => slot.activeS)],
    ['intensity_moderate_s', moderateSeconds(slots)],
    ['intensity_vigorous_s', vigorousSeconds(slots)],
    ['heart_rate_bpm', beats.reduce((total, bpm) => total + bpm, 0) / beats.length, CONVERTED],
    ['heart_rate_max_24h_bpm', body.heart.maxBpm],
    ['resting_heart_rate_bpm', body.heart.restingBpm],
    ['stress_0_100', body.heart.stress],
  ];
}

/** What a day's wearing tells: by the usual watch, the other one, the ring, or nothing on the body at all. */
function worn(person: Person, body: BodyDay, bodies: readonly BodyDay[], { ring, scale }: Fetched): Fact[] {
  if (body.plot.watchForgotten && ring !== undefined) return ringed(body, bodies, ring);
  if (body.plot.watchForgotten) return scale === undefined ? [] : unworn(person, body, scale);
  return scale !== undefined && wearsDressWatch(person, body) ? dressed(body) : watched(body);
}

/** The night: watch, ring, mat and phone say the same of it, each what it knows. Without any of them there is none. */
function slept(person: Person, body: BodyDay, fetched: Fetched): Fact[] {
  const { night, plot } = body;
  const others = nightly(person, body, fetched);
  const noWatch = plot.watchForgotten || (fetched.scale !== undefined && wearsDressWatch(person, body));
  const byPhone = noWatch && others.length === 0;
  if (night === undefined || (byPhone && person.habits.phone === 'days')) return [];
  const tolerance = byPhone ? CONVERTED : 0;
  const inBedS = night.endS - night.startS;
  return [
    ['sleep_total_s', asleepSeconds(night), tolerance],
    ['sleep_deep_s', stageSeconds(night, 'deep'), tolerance],
    ['sleep_light_s', stageSeconds(night, 'light'), tolerance],
    ['sleep_rem_s', stageSeconds(night, 'rem'), tolerance],
    ['sleep_awake_s', stageSeconds(night, 'awake'), tolerance],
    // The watch maker knows no time in bed, and without it there is no efficiency.
    ['sleep_in_bed_s', byPhone ? inBedS : undefined, tolerance],
    ['sleep_efficiency_pct', byPhone ? (100 * asleepSeconds(night)) / inBedS : undefined, tolerance],
    ...others,
  ];
}

const waterKg = ({ grams, waterPermille }: Weighing): number | undefined =>
  waterPermille === undefined ? undefined : (grams * waterPermille) / 1_000_000;

const scaled = (value: number | undefined, by: number): number | undefined =>
  value === undefined ? undefined : value / by;

/** The last measurement of the day; a scale goes before a number typed in by hand. */
function weighed(person: Person, { weighings }: BodyDay, diary: DiaryDay): Fact[] {
  const tenths = diary.weightTenths;
  const heightM = person.heightCm / 100;
  if (person.habits.scale === 'diary') {
    const kg = tenths === undefined ? undefined : ((tenths / 10) * GRAMS_PER_LB) / 1000;
    return [
      ['weight_kg', kg, CONVERTED],
      ['bmi_kg_m2', kg === undefined ? undefined : kg / (heightM * heightM), CONVERTED],
    ];
  }
  const last = (of: (weighing: Weighing) => number | undefined): number | undefined =>
    weighings.map(of).findLast((value) => value !== undefined);
  return [
    [
      'weight_kg',
      scaled(
        last(({ grams }) => grams),
        1000,
      ) ?? scaled(tenths, 10),
      CONVERTED,
    ],
    [
      'body_fat_pct',
      scaled(
        last(({ fatPermille }) => fatPermille),
        10,
      ),
    ],
    // The scale tells a share of the weight it stands beside: permille of grams, in kg.
    ['body_water_kg', last(waterKg), CONVERTED],
    [
      'muscle_mass_kg',
      scaled(
        last(({ muscleG }) => muscleG),
        1000,
      ),
      CONVERTED,
    ],
    [
      'bone_mass_kg',
      scaled(
        last(({ boneG }) => boneG),
        1000,
      ),
      CONVERTED,
    ],
    [
      'bmi_kg_m2',
      scaled(
        last(({ bmiTenths }) => bmiTenths),
        10,
      ),
    ],
  ];
}

/** Body measures: the fetched scale tells the same as the watch maker's and more, and goes before the diary alone. */
function onTheScale(person: Person, body: BodyDay, page: DiaryDay, { scale }: Fetched): Fact[] {
  const usual = weighed(person, body, page);
  if (scale === undefined) return usual;
  const alone = person.habits.scale === 'diary';
  return [
    ...(alone && body.weighings.length > 0 ? [] : usual),
    ...weighedAnew(person, body, alone),
    ...measured(person, body),
  ];
}

/** What the corrected diary says was eaten; a blank cell adds nothing, and a day of blanks has no row. */
function eaten({ rows }: DiaryDay): Fact[] {
  return NUTRIENTS.map((nutrient): Fact => {
    const amounts = rows.map((row) => row.tenths[nutrient]).filter((amount) => amount !== undefined);
    return [
      NUTRIENT_METRICS[nutrient],
      amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0) / 10,
    ];
  });
}

/** The truth about one person by the sources they use: a row per day and metric something was to be known of. */
export function tell(person: Person, bodies: readonly BodyDay[], diary: Diary, fetched: Fetched): Truth[] {
  const eve = eveBefore(bodies, fetched);
  const days = bodies.flatMap((body, index) => {
    const page = diary.days[index] ?? { date: body.day.date, rows: [], weightTenths: undefined };
    const facts = [
      ...moved(body, fetched),
      ...worn(person, body, bodies, fetched),
      ...slept(person, body, fetched),
      ...onTheScale(person, body, page, fetched),
      ...eaten(page),
      ...(index === 0 && person.habits.phone === 'days'
        ? [['height_m', person.heightCm / 100, CONVERTED] as Fact]
        : []),
    ];
    return facts.flatMap(([metric, value, tolerance = 0]) =>
      value === undefined ? [] : [{ user: person.index, local_date: body.day.date, metric, value, tolerance }],
    );
  });
  const from = bodies[0]?.day.date;
  if (eve === undefined || from === undefined) return days;
  const [local_date, metric] = [addDays(from, -1), 'heart_rate_bpm'];
  return [{ user: person.index, local_date, metric, value: eve, tolerance: CONVERTED }, ...days];
}
