import type { BodyDay } from './body.ts';
import { activityRecord, bodyRecord, dailyRecord, epochRecords, sleepRecord, type WatchRecord } from './garmin.ts';
import { firstGuess } from './night.ts';
import type { Posted } from './parcel.ts';
import type { Person } from './person.ts';

/** The body of a push: lists of records by summary type. */
type Summaries = Readonly<Record<string, readonly WatchRecord[]>>;

interface Push {
  readonly atS: number;
  readonly body: Summaries;
}

const HOUR_S = 3600;
const DAY_S = 86_400;
const NOON_HOUR = 12;

/** Leaves out types without records; undefined when nothing is left. */
function filled(body: Summaries): Summaries | undefined {
  const entries = Object.entries(body).filter(([, records]) => records.length > 0);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function morning(person: Person, body: BodyDay): Push[] {
  const { night, plot, weighings, day } = body;
  const slept = plot.watchForgotten ? undefined : night;
  const wokenS = day.startS + 8 * HOUR_S;
  const first = slept !== undefined && plot.sleepEdited ? firstGuess(slept) : slept;
  const pushes: { atS: number; body: Summaries }[] = [
    {
      atS: wokenS,
      body: {
        sleeps: first === undefined ? [] : [sleepRecord(person, body, first)],
        bodyComps:
          person.habits.scale === 'connected' ? weighings.slice(0, 1).map((one) => bodyRecord(person, one)) : [],
      },
    },
  ];
  if (slept !== undefined && plot.sleepEdited) {
    pushes.push({ atS: wokenS + 6 * HOUR_S, body: { sleeps: [sleepRecord(person, body, slept)] } });
  }
  for (const later of person.habits.scale === 'connected' ? weighings.slice(1) : []) {
    pushes.push({ atS: later.atS + 300, body: { bodyComps: [bodyRecord(person, later)] } });
  }
  return pushes;
}

/** The day while it runs: sent at noon, or found in a queue hours after the whole day went out. */
function noon(person: Person, body: BodyDay): Push[] {
  const { plot, day, untilS } = body;
  const noonS = day.startS + NOON_HOUR * HOUR_S;
  if (plot.running === 'no' || plot.watchForgotten || noonS >= untilS) return [];
  return [
    {
      atS: plot.running === 'late' ? day.endS + 2 * HOUR_S : noonS,
      body: {
        dailies: [dailyRecord(person, body, noonS)],
        epochs: person.habits.epochs ? epochRecords(person, body, noonS) : [],
      },
    },
  ];
}

/** The whole day, or on the last one what there is of it. */
function evening(person: Person, body: BodyDay): Push[] {
  if (body.plot.watchForgotten) return [];
  const run = activityRecord(person, body);
  return [
    {
      atS: body.untilS + 600 + body.plot.delayDays * DAY_S,
      body: {
        dailies: [dailyRecord(person, body)],
        epochs: person.habits.epochs ? epochRecords(person, body) : [],
        activities: run === undefined ? [] : [run],
      },
    },
  ];
}

function merge(pushes: readonly Push[]): Push {
  const body: Record<string, WatchRecord[]> = {};
  for (const push of pushes) {
    for (const [type, records] of Object.entries(push.body)) body[type] = [...(body[type] ?? []), ...records];
  }
  return { atS: Math.max(...pushes.map(({ atS }) => atS)), body };
}

/** All pushes of one day of a household; every third evening its members share one body. */
function householdDay(members: readonly { readonly person: Person; readonly body: BodyDay }[]): Push[] {
  const evenings = members.flatMap(({ person, body }) => evening(person, body));
  const together = members.every(({ body }) => body.index % 3 === 0 && body.plot.delayDays === 0);
  const rest = members.flatMap(({ person, body }) => [...morning(person, body), ...noon(person, body)]);
  const pushes = [...rest, ...(together && evenings.length > 1 ? [merge(evenings)] : evenings)];
  const again = members.some(({ body }) => body.plot.repeated)
    ? pushes.map((push) => ({ ...push, atS: push.atS + DAY_S + HOUR_S }))
    : [];
  return [...pushes, ...again];
}

/** Everything the watch maker pushes for a household: `lives[i]` are the days of `people[i]`. */
export function postWatches(people: readonly Person[], lives: readonly (readonly BodyDay[])[]): Posted[] {
  const [first] = people;
  if (first === undefined) return [];
  const days = lives[0]?.length ?? 0;
  return Array.from({ length: days }, (_, at) => at).flatMap((at) => {
    const members = people.flatMap((person, member) => {
      const body = lives[member]?.[at];
      return body === undefined ? [] : [{ person, body }];
    });
    return householdDay(members).flatMap(({ atS, body }): Posted[] => {
      const text = filled(body);
      if (text === undefined) return [];
      return [
        {
          atS,
          parcel: {
            kind: 'push',
            provider: 'garmin',
            lane: `garmin/${first.index}`,
            person: first.index,
            headers: { 'content-type': 'application/json;charset=UTF-8', 'user-agent': 'Garmin Health API' },
            body: JSON.stringify(text),
          },
        },
      ];
    });
  });
}
