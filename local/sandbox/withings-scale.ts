import type { BodyDay } from './body.ts';
import type { Chance } from './chance.ts';
import type { HeldRecord } from './holding.ts';
import type { Person } from './person.ts';
import type { Weighing } from './scale.ts';

/** A number as the provider writes it: value x 10^unit. */
export interface Measure {
  readonly type: number;
  readonly value: number;
  readonly unit: number;
}

/** Who was measured: by the device, the device in doubt between several people, typed in by hand, sure of a second look. */
const ATTRIB = { device: 0, doubtful: 1, manual: 2, certain: 8 } as const;
const CATEGORY = { real: 1, goal: 2 } as const;
const MODELS = { 'Body+': 5, 'Body Cardio': 6, 'BPM Connect': 45, Thermo: 70 } as const;
type Model = keyof typeof MODELS;

interface Group {
  readonly attrib: number;
  readonly atS: number;
  readonly measures: readonly Measure[];
  readonly model?: Model;
  readonly category?: number;
  /** A correction of the entry before it, this much later. */
  readonly correctedAfterS?: number;
}

const DELAY_S = 120;
/** Now and then the phone is far from the scale for most of a day. */
const LONG_DELAY_S = 39_600;
const SECOND_PERSON_AFTER_S = 2400;

/** Fat and water of a weighing in whole grams, as the scale rounds them. */
export const fatG = ({ grams, fatPermille = 0 }: Weighing): number => Math.round((grams * fatPermille) / 1000);
export const waterG = ({ grams, waterPermille = 0 }: Weighing): number => Math.round((grams * waterPermille) / 1000);

/** Whether a weighing was typed in; on the scale that feels the pulse it is one in socks: the weight and nothing else. */
export const isTyped = ({ fatPermille }: Weighing): boolean => fatPermille === undefined;

const typed = (grams: number): Measure[] => [{ type: 1, value: grams * 10, unit: -4 }];

/** One weighing as the groups it arrives in, all of one instant. */
function weighingGroups(person: Person, weighing: Weighing, { vitals }: BodyDay): Group[] {
  const { atS, grams, fatPermille = 0, muscleG = 0, boneG = 0 } = weighing;
  const model = person.habits.bathroomScale;
  const cardio = model === 'Body Cardio';
  if (isTyped(weighing) && !cardio) {
    return [
      { attrib: ATTRIB.manual, atS, measures: typed(grams + 5000) },
      { attrib: ATTRIB.manual, atS, measures: typed(grams), correctedAfterS: 3600 },
    ];
  }
  const weight = { type: 1, value: grams, unit: -3 };
  if (isTyped(weighing)) return [{ attrib: ATTRIB.device, atS, measures: [weight], model }];
  const body = [
    weight,
    { type: 8, value: fatG(weighing), unit: -3 },
    { type: 76, value: muscleG, unit: -3 },
    { type: 77, value: waterG(weighing), unit: -3 },
    { type: 88, value: boneG, unit: -3 },
    { type: 6, value: fatPermille * 100, unit: -3 },
    { type: 5, value: grams - fatG(weighing), unit: -3 },
  ];
  const vessels = [
    { type: 91, value: vitals.waveTenths * 100, unit: -3 },
    { type: 155, value: vitals.vesselYears * 10, unit: -1 },
  ];
  return [
    { attrib: ATTRIB.device, atS, measures: body, model },
    ...(cardio
      ? [
          { attrib: ATTRIB.device, atS, measures: [{ type: 11, value: vitals.pulseBpm * 100, unit: -2 }], model },
          { attrib: ATTRIB.certain, atS, measures: vessels, model },
        ]
      : []),
  ];
}

/** A guest on the scale: the device cannot tell who it was, and nobody has said so. */
function guestGroups(person: Person, { weighings, untilS }: BodyDay): Group[] {
  const last = weighings.at(-1);
  if (last === undefined || last.atS + SECOND_PERSON_AFTER_S >= untilS) return [];
  const measures = [{ type: 1, value: last.grams - 14_000, unit: -3 }];
  const atS = last.atS + SECOND_PERSON_AFTER_S;
  return [{ attrib: ATTRIB.doubtful, atS, measures, model: person.habits.bathroomScale }];
}

/** Blood pressure at breakfast, the unit as it comes. */
function cuffGroups(body: BodyDay, chance: Chance): Group[] {
  const { night, vitals } = body;
  if (night === undefined || !vitals.takesPressure) return [];
  const atS = night.endS + 1500;
  const unit = chance.hit(0.5) ? 0 : -2;
  const measure = (type: number, value: number): Measure => ({ type, value: value * 10 ** -unit, unit });
  const measures = [measure(9, vitals.diastolic), measure(10, vitals.systolic), measure(11, vitals.pulseBpm)];
  return [{ attrib: ATTRIB.device, atS, measures, model: 'BPM Connect' }];
}

const taken = (atS: number, tenths: number): Group => ({
  attrib: ATTRIB.device,
  atS,
  measures: [{ type: 71, value: tenths * 100, unit: -3 }],
  model: 'Thermo',
});

/** Body temperature: twice on days with a cold, the first time a little lower. */
function thermometerGroups({ night, vitals, plot }: BodyDay): Group[] {
  if (night === undefined || !vitals.takesTemperature) return [];
  const atS = night.endS + 900;
  return [...(plot.cold > 0 ? [taken(atS, vitals.bodyTenths - 3)] : []), taken(atS + 600, vitals.bodyTenths)];
}

/** The two or three days of a range on which a guest stands on the scale. */
function guestDays(bodies: readonly BodyDay[], chance: Chance): ReadonlySet<number> {
  const weighed = bodies.filter(({ index, weighings }) => index < bodies.length - 1 && weighings.length > 0);
  return new Set(chance.shuffle(weighed.map(({ index }) => index)).slice(0, 1 + Math.floor(bodies.length / 40)));
}

/** Everything that `getmeas` answers of a person: groups of measures, each with its own id. */
export function holdMeasures(person: Person, bodies: readonly BodyDay[], chance: Chance): HeldRecord[] {
  const guests = guestDays(bodies, chance.fork('guests'));
  const { cuff, mat } = person.habits;
  let grpid = 2_700_000_000 + person.index * 1_000_000;
  return bodies.flatMap((body) => {
    const draw = chance.fork(body.day.date);
    const goal = { type: 1, value: person.weightG - 4000, unit: -3 };
    const groups: Group[] = [
      ...(body.index === 0
        ? [{ attrib: ATTRIB.device, category: CATEGORY.goal, atS: body.day.startS + 3600, measures: [goal] }]
        : []),
      ...body.weighings.flatMap((one) => weighingGroups(person, one, body)),
      ...(guests.has(body.index) ? guestGroups(person, body) : []),
      ...(cuff ? cuffGroups(body, draw.fork('cuff')) : []),
      ...(mat ? thermometerGroups(body) : []),
    ];
    const delayS = draw.hit(0.1) ? LONG_DELAY_S : DELAY_S;
    return groups.map((group) => {
      if (group.correctedAfterS === undefined) grpid += 1;
      return heldGroup(group, { grpid, delayS, date: body.day.date, devices: person.deviceId });
    });
  });
}

interface Filed {
  readonly grpid: number;
  readonly delayS: number;
  readonly date: string;
  readonly devices: string;
}

function heldGroup(group: Group, { grpid, delayS, date, devices }: Filed): HeldRecord {
  const created = group.atS + delayS;
  const modified = created + (group.correctedAfterS ?? 0);
  const deviceid = group.model === undefined ? null : deviceIdOf(devices, group.model);
  const record = {
    grpid,
    attrib: group.attrib,
    date: group.atS,
    created,
    modified,
    category: group.category ?? CATEGORY.real,
    deviceid,
    hash_deviceid: deviceid,
    measures: group.measures.map((one) => ({ ...one, algo: 0, fm: group.model === undefined ? 128 : 3 })),
    modelid: group.model === undefined ? null : MODELS[group.model],
    model: group.model ?? null,
    comment: null,
  };
  return { type: 'getmeas', id: `${grpid}`, knownAtS: modified, fromS: group.atS, toS: group.atS, day: date, record };
}

/** Forty digits that stay the same for one thing of one person. */
export function deviceIdOf(owner: string, model: string): string {
  return Buffer.from(`${owner} ${model} `.repeat(4)).toString('hex').slice(0, 40);
}
