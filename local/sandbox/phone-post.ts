import type { BodyDay } from './body.ts';
import { uuid, type Chance } from './chance.ts';
import type { Posted } from './parcel.ts';
import type { Person } from './person.ts';
import { dayMetrics, heightMetric, hourlyMetrics, sleepMetric, walkWorkout, type PhoneMetric } from './phone.ts';

const HOUR_S = 3600;
const DAY_S = 86_400;
/** The app's two automations; the names are those the person gave them. */
const AUTOMATIONS = {
  hours: { name: 'Every hour', period: 'Since Last Sync' },
  days: { name: 'Every day', period: 'Yesterday' },
} as const;

type Aggregation = keyof typeof AUTOMATIONS;

/** Everything Health Auto Export posts for one person. */
export function postPhone(person: Person, bodies: readonly BodyDay[], chance: Chance): Posted[] {
  const post = (atS: number, aggregation: Aggregation, data: Readonly<Record<string, unknown>>): Posted => ({
    atS,
    parcel: {
      kind: 'push',
      provider: 'apple',
      lane: `apple/${person.index}`,
      person: person.index,
      headers: {
        'content-type': 'application/json',
        'automation-name': AUTOMATIONS[aggregation].name,
        'automation-id': `${person.index}-${aggregation}`,
        'automation-aggregation': aggregation,
        'automation-period': AUTOMATIONS[aggregation].period,
        'session-id': uuid(chance),
      },
      body: JSON.stringify({ data }),
    },
  });
  const metrics = (atS: number, aggregation: Aggregation, rows: readonly PhoneMetric[]): Posted[] => {
    const sent = rows.filter(({ data }) => data.length > 0);
    return sent.length === 0 ? [] : [post(atS, aggregation, { metrics: sent })];
  };

  const hourly = (body: BodyDay): Posted[] => {
    const { day, plot, untilS } = body;
    // Half past twelve: the running hour's row is sent again in the evening, larger, from "two" devices.
    const noonS = day.startS + 12.5 * HOUR_S;
    const early = plot.running !== 'no' && noonS < untilS;
    const joined = `${person.phoneName}|Strava`;
    const night = plot.watchForgotten ? sleepMetric(person, body) : undefined;
    return [
      ...(early ? metrics(noonS, 'hours', hourlyMetrics(person, body, noonS)) : []),
      ...metrics(
        untilS + 900 + plot.delayDays * DAY_S,
        'hours',
        hourlyMetrics(person, body, untilS, early ? joined : person.phoneName),
      ),
      // The same steps once more, as one row for the day: hours and day are never added together.
      ...(plot.watchForgotten
        ? metrics(untilS + 6 * HOUR_S, 'days', [...dayMetrics(person, body), ...(night === undefined ? [] : [night])])
        : []),
    ];
  };

  const daily = (body: BodyDay): Posted[] => {
    if (body.untilS < body.day.endS) return [];
    const walk = body.day.weekday === 6 ? walkWorkout(person, body, uuid(chance).toUpperCase()) : undefined;
    const atS = body.untilS + 6 * HOUR_S + body.plot.delayDays * DAY_S;
    return [
      ...metrics(atS, 'days', [...dayMetrics(person, body), ...(body.index === 0 ? [heightMetric(person, body)] : [])]),
      ...(walk === undefined ? [] : [post(atS + 60, 'days', { workouts: [walk] })]),
    ];
  };

  return bodies.flatMap((body) => {
    const parcels = person.habits.phone === 'hours' ? hourly(body) : daily(body);
    const again = body.plot.repeated ? parcels.map((one) => ({ ...one, atS: one.atS + DAY_S })) : [];
    return [...parcels, ...again];
  });
}
