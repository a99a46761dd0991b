import { live, type BodyDay } from './body.ts';
import { addDays, clockChanges, localDays, type LocalDay } from './calendar.ts';
import { createChance, type Chance } from './chance.ts';
import { keepDiary } from './diary.ts';
import { postDiary } from './diary-post.ts';
import type { Fetched } from './fetched.ts';
import type { Holding } from './holding.ts';
import { holdRing, ringHeartRates } from './oura.ts';
import { inOrder, type Parcel, type Posted } from './parcel.ts';
import { ABROAD, createPerson, homeZone, type Person } from './person.ts';
import { postPhone } from './phone-post.ts';
import { createPlot } from './plot.ts';
import { tell, type Truth } from './truth.ts';
import { postWatches } from './watch-post.ts';
import { holdScale, inTheDrawer, matHeartRates } from './withings.ts';

export interface GenerateOptions {
  readonly seed: string;
  readonly days: number;
  readonly people: number;
  /** The last date, `YYYY-MM-DD`: it is still running. */
  readonly until: string;
  /** The local hour at which the last day stands; 15 when absent, at least 8. */
  readonly untilHour?: number;
  /** Whose providers the people use: those that push or are exported always, and of the fetched ones these; none when absent. */
  readonly providers?: readonly string[];
}

/** The providers that push, or whose files are handed in: without them nobody in the sandbox is described. */
export const PUSHED: readonly string[] = ['garmin', 'apple', 'myfitnesspal'];
/** The providers that are fetched from. */
export const FETCHED: readonly string[] = ['oura', 'withings'];

/** A person as the product is to know them. */
export interface Sandboxed {
  readonly name: string;
  readonly zone: string;
  readonly units: 'metric' | 'imperial';
  /** The watch maker's id of them. */
  readonly watchId: string;
  /** Changes of zone, in order. */
  readonly moves: readonly { readonly zone: string; readonly sinceMs: number }[];
}

export interface Population {
  readonly people: readonly Sandboxed[];
  /** In the order of sending; only within a lane does the order matter. */
  readonly deliveries: readonly Parcel[];
  /** The same, each with the time it sets out. */
  readonly posted: readonly Posted[];
  /** What the fetched providers hold of the accounts, a holding an account. */
  readonly holdings: readonly Holding[];
  readonly truth: readonly Truth[];
}

const HOUSEHOLD = 2;
const EARLIEST_HOUR = 8;

function moves(days: readonly LocalDay[]): Sandboxed['moves'] {
  return days.flatMap((day, at) =>
    day.zone === (days[at - 1]?.zone ?? day.zone) ? [] : [{ zone: day.zone, sinceMs: day.startS * 1000 }],
  );
}

/** Lives, deliveries and the truth about them, from the seed alone: two calls with the same options answer the same. */
export function generatePeople(options: GenerateOptions): Population {
  const chance = createChance(options.seed);
  const from = addDays(options.until, 1 - options.days);
  const zone = homeZone(from, options.until);
  const dates = Array.from({ length: options.days }, (_, at) => addDays(from, at));
  const changing = dates.flatMap((date, at) => (clockChanges(zone, date, date) ? [at] : []));
  const providers = chosen(options.providers ?? PUSHED);
  const untilHour = Math.max(EARLIEST_HOUR, options.untilHour ?? 15);

  const people: Person[] = [];
  const lives: BodyDay[][] = [];
  const posted: Posted[] = [];
  const truth: Truth[] = [];
  const sandboxed: Sandboxed[] = [];
  const holdings: Holding[] = [];
  for (let index = 0; index < options.people; index += 1) {
    const stream = chance.fork(`person ${index}`);
    const person = createPerson(index, zone, stream.fork('self'));
    const range = { days: options.days, travels: person.habits.travels, clockChanges: changing };
    const plots = createPlot(range, stream.fork('plot'));
    const days = localDays(
      from,
      plots.map((plot) => (plot.away ? ABROAD : zone)),
    );
    const bodies = live(person, days, plots, untilHour, stream.fork('body'));
    const diary = keepDiary(person, bodies, stream.fork('diary'));
    posted.push(...postPhone(person, bodies, stream.fork('phone')), ...postDiary(person, bodies, diary));
    const held = holdAll(person, bodies, providers, stream);
    holdings.push(...held.holdings);
    truth.push(...tell(person, bodies, diary, held.fetched));
    people.push(person);
    lives.push(held.fetched.scale === undefined ? bodies : bodies.map((body) => inTheDrawer(person, body)));
    sandboxed.push({
      name: person.name,
      zone,
      units: person.habits.units,
      watchId: person.watchId,
      moves: moves(days),
    });
  }
  for (let first = 0; first < people.length; first += HOUSEHOLD) {
    posted.push(...postWatches(people.slice(first, first + HOUSEHOLD), lives.slice(first, first + HOUSEHOLD)));
  }
  return { people: sandboxed, deliveries: inOrder(posted), posted, holdings, truth };
}

function chosen(providers: readonly string[]): ReadonlySet<string> {
  const strange = providers.filter((one) => !PUSHED.includes(one) && !FETCHED.includes(one));
  const missing = PUSHED.filter((one) => !providers.includes(one));
  if (strange.length + missing.length > 0)
    throw new RangeError(`The sandbox plays ${[...PUSHED, ...FETCHED].join(', ')}, the first three always.`);
  return new Set(providers);
}

interface Held {
  readonly holdings: readonly Holding[];
  readonly fetched: Fetched;
}

function holdAll(person: Person, bodies: readonly BodyDay[], providers: ReadonlySet<string>, stream: Chance): Held {
  const [ringChance, scaleChance] = [stream.fork('ring'), stream.fork('bathroom')];
  const ring = providers.has('oura') ? holdRing(person, bodies, ringChance) : undefined;
  const scale = providers.has('withings') ? holdScale(person, bodies, scaleChance) : undefined;
  return {
    holdings: [ring, scale].filter((one) => one !== undefined),
    fetched: {
      ring: ring && ringHeartRates(bodies, ringChance),
      scale: scale && matHeartRates(person, bodies, scaleChance),
    },
  };
}
