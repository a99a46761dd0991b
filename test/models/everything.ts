import { addDays } from '../../app/days.ts';
import { goalFact } from '../support/facts.ts';
import { apple, at, connectionFact, diary, garmin, person } from './deliveries.ts';
import type { Payload } from '../support/raw.ts';

const FIRST = '2026-10-01';
const RECEIVED = '2026-11-20T10:00:00Z';
const DAYS = Array.from({ length: 44 }, (_, day) => addDays(FIRST, day));

/** Ordinary days with a little to and fro; on the last one the heart beats as in a fever. */
const daily = (calendarDate: string, day: number) => ({
  summaryId: `d${day}`,
  calendarDate,
  startTimeInSeconds: at(`${calendarDate}T00:00:00+01:00`),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 86_400,
  steps: 8000 + (day % 5) * 300,
  restingHeartRateInBeatsPerMinute: day === DAYS.length - 1 ? 88 : 54 + (day % 3),
  activeKilocalories: 400 + (day % 4) * 20,
  bmrKilocalories: 1600,
  ...(day < 2 ? { timeOffsetHeartRateSamples: { '0': 60, '900': 64 } } : {}),
});

const night = (calendarDate: string, day: number) => ({
  summaryId: `s${day}`,
  calendarDate,
  startTimeInSeconds: at(`${calendarDate}T00:00:00+01:00`),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 25_200 + (day % 4) * 600,
  deepSleepDurationInSeconds: 5400,
  lightSleepDurationInSeconds: 19_800 + (day % 4) * 600,
  awakeDurationInSeconds: 0,
  unmeasurableSleepInSeconds: 0,
  validation: 'AUTO_FINAL',
});

const variability = (calendarDate: string, day: number) => ({
  summaryId: `h${day}`,
  calendarDate,
  startTimeInSeconds: at(`${calendarDate}T00:00:00+01:00`),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 25_200,
  lastNightAvg: 45 + (day % 6),
});

const run = {
  summaryId: 'a1',
  activityId: 1,
  activityType: 'RUNNING',
  startTimeInSeconds: at(`${FIRST}T17:00:00+01:00`),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 1800,
  distanceInMeters: 5000,
};

const readiness = {
  data: [{ id: 'r1', day: FIRST, score: 81, timestamp: `${FIRST}T00:00:00.000+01:00`, contributors: {} }],
};

/** One person with something in every published table: six weeks of a watch, a diary, a ring, what was refused, what was not expected. */
export function everything(): readonly Payload[] {
  return [
    ...person(),
    connectionFact('u_a', 'oura', 'o'),
    goalFact('u_a', { metric: 'steps', target: 8500, at: at(`${FIRST}T12:00:00+01:00`) * 1000 }),
    garmin('dailies', DAYS.map(daily), RECEIVED),
    garmin('sleeps', DAYS.map(night), RECEIVED),
    garmin('hrv', DAYS.map(variability), RECEIVED),
    garmin('activities', [run], RECEIVED),
    diary(
      [
        { Date: FIRST, Meal: 'Lunch', Calories: '650', 'Protein (g)': '30' },
        { Date: FIRST, Meal: 'Lunch', Calories: '120', 'Protein (g)': '2' },
        { Date: FIRST, Meal: 'Dinner', Calories: '700', 'Protein (g)': '40' },
      ],
      RECEIVED,
    ),
    { provider: 'oura', externalId: 'o', type: 'daily_readiness', data: readiness, receivedAt: RECEIVED },
    // More than anybody walks: refused.
    apple('step_count', 'count', [{ date: `${FIRST} 09:00:00 +0100`, qty: 9e9, source: 'Watch' }], RECEIVED, 'hours'),
  ];
}
