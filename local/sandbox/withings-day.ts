import type { BodyDay } from './body.ts';
import { moderateSeconds, vigorousSeconds } from './garmin.ts';
import type { HeldRecord } from './holding.ts';
import type { Person } from './person.ts';
import { HOUR_S, SLOT_S, type Slot } from './walk.ts';
import { deviceIdOf } from './withings-scale.ts';

const MODEL = { name: 'ScanWatch', id: 93 };
const BRAND = 1;
const RUNNING = 2;

const sum = (slots: readonly Slot[], of: (slot: Slot) => number): number =>
  slots.reduce((total, slot) => total + of(slot), 0);

const device = (person: Person): string => deviceIdOf(person.deviceId, MODEL.name);

/** Whether the scale maker's watch is on the wrist, and the usual one in the drawer from the night on. */
export function wearsDressWatch(person: Person, { day, plot }: BodyDay): boolean {
  return !plot.watchForgotten && person.habits.dressDays.includes(day.weekday);
}

function seen(body: BodyDay, untilS: number): Slot[] {
  const worn = body.hours.filter((hour) => hour.worn);
  return worn.flatMap((hour) => hour.slots).filter((slot) => slot.startS + SLOT_S <= untilS);
}

const floorsBy = (body: BodyDay, untilS: number): number =>
  body.hours.reduce((total, hour) => total + (hour.worn && hour.startS + HOUR_S <= untilS ? hour.floors : 0), 0);

/** The row of a day as it stands at `untilS`. */
function activityRow(person: Person, body: BodyDay, untilS: number): Readonly<Record<string, unknown>> {
  const { day, heart } = body;
  const slots = seen(body, untilS);
  const beats = [...heart.samples].flatMap(([atS, bpm]) => (day.startS + atS < untilS ? [bpm] : []));
  const [moderate, intense] = [moderateSeconds(slots), vigorousSeconds(slots)];
  const kcal = sum(slots, (slot) => slot.kcal);
  const basal = Math.floor((body.basalKcal * (untilS - day.startS)) / (body.untilS - day.startS));
  return {
    steps: sum(slots, (slot) => slot.steps),
    distance: sum(slots, (slot) => slot.cm) / 100,
    elevation: floorsBy(body, untilS),
    soft: sum(slots, (slot) => slot.activeS) - moderate - intense,
    moderate,
    intense,
    active: moderate + intense,
    calories: kcal,
    totalcalories: basal + kcal,
    hr_average: Math.round(beats.reduce((total, bpm) => total + bpm, 0) / beats.length),
    hr_min: Math.min(...beats),
    hr_max: untilS === body.untilS ? heart.maxBpm : Math.max(...beats),
    hr_zone_0: beats.filter((bpm) => bpm < 100).length * SLOT_S,
    hr_zone_1: beats.filter((bpm) => bpm >= 100 && bpm < 130).length * SLOT_S,
    hr_zone_2: beats.filter((bpm) => bpm >= 130).length * SLOT_S,
    hr_zone_3: 0,
    deviceid: device(person),
    hash_deviceid: device(person),
    timezone: day.zone,
    date: day.date,
    modified: untilS + 300,
    brand: BRAND,
    modelid: MODEL.id,
    model: MODEL.name,
    is_tracker: true,
  };
}

/** Quarters of an hour from the first to the last second the watch was worn: what was not walked is a zero, so that no other source fills it. */
function quarters(person: Person, body: BodyDay): HeldRecord[] {
  const { day, untilS, heart } = body;
  const walked = new Map(seen(body, untilS).map((slot) => [slot.startS, slot]));
  const floors = new Map(body.hours.map((hour) => [hour.startS, hour.floors]));
  const count = Math.floor((untilS - day.startS) / SLOT_S);
  return Array.from({ length: count }, (_, at) => {
    const fromS = day.startS + at * SLOT_S;
    const slot = walked.get(fromS);
    const bpm = heart.samples.get(at * SLOT_S);
    const record = {
      steps: slot?.steps ?? 0,
      duration: SLOT_S,
      elevation: slot === undefined ? 0 : (floors.get(fromS) ?? 0),
      distance: (slot?.cm ?? 0) / 100,
      calories: slot?.kcal ?? 0,
      ...(bpm === undefined ? {} : { heart_rate: bpm }),
      model: MODEL.name,
      model_id: MODEL.id,
      deviceid: device(person),
    };
    const toS = fromS + SLOT_S;
    return { type: 'getintradayactivity', id: `${fromS}`, knownAtS: toS + 300, fromS, toS, day: day.date, record };
  });
}

function run(person: Person, body: BodyDay): HeldRecord[] {
  const slots = seen(body, body.untilS).filter((slot) => slot.running);
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [fromS, toS] = [first.startS, last.startS + SLOT_S];
  const id = 3_661_000_000 + person.index * 100_000 + body.index;
  const modified = toS + 300;
  const data = {
    calories: sum(slots, (slot) => slot.kcal),
    intensity: 70,
    manual_distance: 0,
    manual_calories: 0,
    hr_average: person.restingBpm + 95,
    hr_min: person.restingBpm + 40,
    hr_max: body.heart.maxBpm,
    hr_zone_0: 0,
    hr_zone_1: 300,
    hr_zone_2: toS - fromS - 300,
    hr_zone_3: 0,
    pause_duration: 0,
    steps: sum(slots, (slot) => slot.steps),
    distance: sum(slots, (slot) => slot.cm) / 100,
    elevation: 12,
    algo_pause_duration: null,
    spo2_average: null,
  };
  const head = { id, category: RUNNING, timezone: body.day.zone, model: MODEL.id, attrib: 0 };
  const tail = { date: body.day.date, deviceid: device(person), data, modified };
  const record = { ...head, startdate: fromS, enddate: toS, ...tail };
  return [{ type: 'getworkouts', id: `${id}`, knownAtS: modified, fromS, toS, day: body.day.date, record }];
}

/** A day with the dress watch: the row as it stood at noon and as it ended, its quarters of an hour, the run. */
export function dressDay(person: Person, body: BodyDay): HeldRecord[] {
  const { day, untilS } = body;
  const noonS = day.startS + 12 * HOUR_S;
  const rows = [...(noonS < untilS ? [noonS] : []), untilS].map((atS): HeldRecord => {
    const id = `${day.date}/${BRAND}/${device(person)}`;
    const range = { fromS: day.startS, toS: atS, day: day.date };
    return { type: 'getactivity', id, knownAtS: atS + 300, ...range, record: activityRow(person, body, atS) };
  });
  return [...rows, ...quarters(person, body), ...run(person, body)];
}
