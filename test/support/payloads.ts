import type { Payload } from './raw.ts';

/** A Garmin daily summary of a day that begins at UTC midnight, received as it ends; further fields as given. */
export function garminDaily(externalId: string, day: string, fields: Readonly<Record<string, unknown>>): Payload {
  const startTimeInSeconds = Date.parse(`${day}T00:00:00Z`) / 1000;
  const time = { startTimeInSeconds, startTimeOffsetInSeconds: 0, durationInSeconds: 86_400 };
  return {
    provider: 'garmin',
    externalId,
    type: 'dailies',
    receivedAt: `${day}T23:59:59Z`,
    data: { dailies: [{ summaryId: `s-${day}`, calendarDate: day, ...time, ...fields }] },
  };
}

const clockTime = (hour: number): string =>
  [Math.floor(hour), Math.round((hour % 1) * 60), 0].map((part) => String(part).padStart(2, '0')).join(':');

/** Hours of steps as Health Auto Export posts them: `[hour, steps]` of a day in UTC (23.5 is half past eleven), counted by a phone. */
export function phoneSteps(externalId: string, day: string, hours: readonly (readonly [number, number])[]): Payload {
  const data = hours.map(([hour, qty]) => ({
    date: `${day} ${clockTime(hour)} +0000`,
    qty,
    source: 'iPhone',
  }));
  return {
    provider: 'apple',
    externalId,
    type: 'metrics',
    receivedAt: `${day}T23:59:58Z`,
    attributes: { aggregation: 'hours' },
    data: { data: { metrics: [{ name: 'step_count', units: 'count', data }] } },
  };
}
