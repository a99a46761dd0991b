import { uuid, type Chance } from './chance.ts';
import { clockChanges } from './calendar.ts';

/** How a person uses their devices: what differs between households, as data. */
export interface Habits {
  /** The watch sends 15-minute epochs beside its daily summary. */
  readonly epochs: boolean;
  /** The phone's automation sums by hour, or by day and then only days that are over. */
  readonly phone: 'hours' | 'days';
  readonly distance: 'km' | 'mi';
  readonly energy: 'kJ' | 'kcal';
  /** Where the weight goes: the watch maker's scale (and the diary now and then), or the diary alone. */
  readonly scale: 'connected' | 'diary';
  readonly units: 'metric' | 'imperial';
  /** The diary's export with a Time column, or the one without. */
  readonly diary: 'timed' | 'plain';
  readonly travels: boolean;
  /** A ring worn in bed, and by day as well when the watch was left in the drawer. */
  readonly ring: boolean;
  /** The bathroom scale that is fetched from; the larger one feels pulse and vessels as well. */
  readonly bathroomScale: 'Body+' | 'Body Cardio';
  /** The other things of the scale's maker: a cuff, or a mat in the bed and a thermometer. */
  readonly cuff: boolean;
  readonly mat: boolean;
  /** Weekdays (1 is Monday) on which the scale maker's watch is worn, and the usual one stays in the drawer from the night on. */
  readonly dressDays: readonly number[];
}

/** A simulated person: the body they have and the habits they keep. */
export interface Person {
  readonly index: number;
  readonly name: string;
  readonly zone: string;
  readonly habits: Habits;
  /** The watch maker's id of them. */
  readonly watchId: string;
  /** The device number inside the watch maker's summary ids. */
  readonly deviceId: string;
  readonly phoneName: string;
  readonly strideCm: number;
  readonly restingBpm: number;
  readonly basalKcal: number;
  readonly weightG: number;
  readonly heightCm: number;
  /** The ring maker's id of them, and the scale maker's. */
  readonly ringId: string;
  readonly scaleId: string;
}

const NAMES = ['Anna', 'Ben', 'Chloe', 'David', 'Elif', 'Farid', 'Greta', 'Hugo'];

const HABITS: readonly [Habits, Habits] = [
  {
    epochs: true,
    phone: 'hours',
    distance: 'km',
    energy: 'kJ',
    scale: 'connected',
    units: 'metric',
    diary: 'timed',
    travels: true,
    ring: true,
    bathroomScale: 'Body+',
    cuff: true,
    mat: false,
    dressDays: [],
  },
  {
    epochs: false,
    phone: 'days',
    distance: 'mi',
    energy: 'kcal',
    scale: 'diary',
    units: 'imperial',
    diary: 'plain',
    travels: false,
    ring: false,
    bathroomScale: 'Body Cardio',
    cuff: false,
    mat: true,
    dressDays: [5, 6],
  },
];

/** Zones of three continents whose clocks change on different dates. */
const HOMES = ['Europe/Paris', 'America/New_York', 'Australia/Sydney'];
export const ABROAD = 'Asia/Tokyo';

/** Where everybody lives: the first of the zones whose clocks change between the dates, else the first. */
export function homeZone(from: string, until: string): string {
  return HOMES.find((zone) => clockChanges(zone, from, until)) ?? 'Europe/Paris';
}

/** The person with this index; even ones have the first set of habits, odd ones the second. */
export function createPerson(index: number, zone: string, chance: Chance): Person {
  const round = Math.floor(index / NAMES.length);
  const name = `${NAMES[index % NAMES.length]}${round === 0 ? '' : ` ${round + 1}`}`;
  return {
    index,
    name,
    zone,
    habits: HABITS[index % 2 === 0 ? 0 : 1],
    watchId: chance.hex(32),
    deviceId: `x${chance.hex(7)}`,
    phoneName: `${name}’s iPhone`,
    strideCm: chance.int(66, 78),
    restingBpm: chance.int(48, 62),
    basalKcal: chance.int(1400, 1850),
    weightG: chance.int(60_000, 88_000),
    heightCm: chance.int(160, 190),
    ringId: uuid(chance),
    scaleId: `${chance.int(10_000_000, 39_999_999)}`,
  };
}
