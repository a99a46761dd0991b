import type { BodyDay } from './body.ts';
import type { Chance } from './chance.ts';
import type { HeldRecord, Holding } from './holding.ts';
import { ringActivity, ringBeats, ringRun, ringSession, type Beat } from './oura-day.ts';
import { ringMorning } from './oura-morning.ts';
import { knownS, ringMistake, ringNap, ringNight, SERIES_S, type RingSleep } from './oura-night.ts';
import type { Person } from './person.ts';

const DAY_S = 86_400;

/** Whether the ring was on the finger by day: then it has a day of activity. A ring on the bedside table makes none. */
const ringByDay = ({ plot }: BodyDay): boolean => plot.watchForgotten;

/** A person's ring, as its maker comes to know it; undefined of somebody without one. */
export function holdRing(person: Person, bodies: readonly BodyDay[], chance: Chance): Holding | undefined {
  if (!person.habits.ring) return undefined;
  const nights = bodies.flatMap(({ night }) => (night === undefined ? [] : [night]));
  const mistaken = mistakes(bodies, chance.fork('mistakes'));
  const records = bodies.flatMap((body): HeldRecord[] => {
    const stream = chance.fork(body.day.date);
    const byDay = ringByDay(body) ? ringActivity(body, nights, stream) : [];
    const beats = beatsOf(body, stream).map((beat) => heartRate(body, beat));
    return [
      ...sleeps(body, stream).map(({ held }) => held),
      ...(body.night === undefined ? [] : ringMorning(body, body.night, stream)),
      ...byDay,
      ...beats,
      ...ringRun(body, stream),
      ...ringSession(body, stream),
      ...takenBack(body, mistaken.indexOf(body.index), stream),
    ];
  });
  return { provider: 'oura', externalId: person.ringId, person: person.index, zone: person.zone, records };
}

function sleeps(body: BodyDay, stream: Chance): RingSleep[] {
  const nap = ringNap(body, stream);
  const night = body.night === undefined ? [] : ringNight(body, body.night, stream);
  return nap === undefined ? night : [...night, nap];
}

/** Every heart rate the ring has of a day's night and, where it was worn, of its waking hours. */
function beatsOf(body: BodyDay, stream: Chance): Beat[] {
  const night = body.night === undefined ? undefined : ringNight(body, body.night, stream).at(-1);
  const asleep = night?.beats.map((bpm, at): Beat => ({ atS: night.startS + at * SERIES_S, bpm, source: 'sleep' }));
  return [...(asleep ?? []), ...(ringByDay(body) ? ringBeats(body, stream.fork('beats')) : [])];
}

/** All heart rates of a person's ring in order, from the chance `holdRing` is given. */
export function ringHeartRates(bodies: readonly BodyDay[], chance: Chance): Beat[] {
  return bodies.flatMap((body) => beatsOf(body, chance.fork(body.day.date)));
}

function heartRate({ day, night, untilS }: BodyDay, { atS, bpm, source }: Beat): HeldRecord {
  const timestamp = new Date(atS * 1000).toISOString();
  const knownAtS = source === 'sleep' && night !== undefined ? knownS(night) : Math.min(atS + 1800, untilS + 1800);
  const record = { timestamp, timestamp_unix: atS * 1000, bpm, source };
  return { type: 'heartrate', id: timestamp, knownAtS, fromS: atS, toS: atS, day: day.date, record };
}

/** Two days on which the ring saw a sleep that was none, in ranges long enough. */
function mistakes(bodies: readonly BodyDay[], chance: Chance): readonly number[] {
  const candidates = bodies.filter(({ index, plot, night }) => {
    return index > 0 && index < bodies.length - 2 && night !== undefined && !plot.watchForgotten && !plot.away;
  });
  return chance.shuffle(candidates.map(({ index }) => index)).slice(0, bodies.length < 10 ? 0 : 2);
}

/** The mistaken sleep: gone for good, or still answered as a document that says it is deleted. */
function takenBack(body: BodyDay, place: number, stream: Chance): HeldRecord[] {
  if (place < 0) return [];
  const { held } = ringMistake(body, stream);
  const takenAtS = held.knownAtS + DAY_S;
  if (place === 0) return [{ ...held, deletedAtS: takenAtS }];
  return [held, { ...held, knownAtS: takenAtS, record: { ...held.record, type: 'deleted' } }];
}
