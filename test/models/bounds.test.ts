import { expect, test } from 'vitest';
import { apple, at, connectionFact, daily, dayOf, garmin, person, tables, userFact } from './deliveries.ts';

const DAY = '2026-11-10';

test('an interval of 47 hours reaches three days, and nothing of it is lost', async () => {
  // from noon in Paris: 12 hours, 24 hours, 11 hours of 100 steps each
  const epoch = {
    startTimeInSeconds: at(`${DAY}T11:00:00Z`),
    startTimeOffsetInSeconds: 3600,
    durationInSeconds: 47 * 3600,
    activityType: 'WALKING',
    steps: 4700,
  };
  const of = await tables([...person(), garmin('epochs', [epoch], '2026-11-14T00:00:00Z')]);
  expect(await daily(of, 'steps')).toEqual({ [DAY]: 1200, '2026-11-11': 2400, '2026-11-12': 1100 });
});

test('the bounds of a day are those of the zone in force at its noon on that zone’s own clock', async () => {
  // moved at 15:00Z: before noon in Denver (19:00Z) as in Los Angeles (20:00Z), after noon in Greenwich
  const of = await tables([
    userFact('u_a', { zone: 'America/Los_Angeles' }),
    userFact('u_a', { zone: 'America/Denver', zoneSince: Date.parse(`${DAY}T15:00:00Z`), at: 1_100_000_000_000 }),
    connectionFact('u_a', 'garmin', 'g'),
    garmin('bodyComps', [{ measurementTimeInSeconds: at(`${DAY}T18:00:00Z`), weightInGrams: 80000 }], RECEIVED),
  ]);
  // midnight in Denver (07:00Z) and three days
  expect(await dayOf(of, 'weight_kg', DAY)).toMatchObject({ final_at: '2026-11-14T07:00:00.000Z' });
});

test('a day whose noon was jumped over keeps the zone it began in', async () => {
  // from Paris (noon at 11:00Z) to Auckland (noon at 23:00Z of the day before) in between
  const of = await tables([
    userFact('u_a', { zone: 'Europe/Paris' }),
    userFact('u_a', { zone: 'Pacific/Auckland', zoneSince: Date.parse(`${DAY}T02:00:00Z`), at: 1_100_000_000_000 }),
    connectionFact('u_a', 'garmin', 'g'),
    garmin('bodyComps', [{ measurementTimeInSeconds: at(`${DAY}T01:00:00Z`), weightInGrams: 80000 }], RECEIVED),
  ]);
  expect(await dayOf(of, 'weight_kg', DAY)).toMatchObject({ final_at: '2026-11-13T23:00:00.000Z' });
});

const RECEIVED = '2026-11-11T08:00:00Z';
const watchDay = (durationInSeconds: number) =>
  garmin(
    'dailies',
    [
      {
        calendarDate: DAY,
        startTimeInSeconds: at('2026-11-09T23:00:00Z'),
        startTimeOffsetInSeconds: 3600,
        durationInSeconds,
        steps: 3100,
      },
    ],
    RECEIVED,
  );
const epoch = garmin(
  'epochs',
  [
    {
      startTimeInSeconds: at(`${DAY}T08:00:00Z`),
      startTimeOffsetInSeconds: 3600,
      durationInSeconds: 1800,
      activityType: 'WALKING',
      steps: 1000,
    },
  ],
  RECEIVED,
);
const phone = apple(
  'step_count',
  'count',
  [{ date: `${DAY} 18:00:00 +0100`, qty: 500, source: 'iPhone' }],
  RECEIVED,
  'Hours',
);

test('a total covers the time of its record, also beside a single interval of its source', async () => {
  const of = await tables([...person(), watchDay(86400), epoch]);
  expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 3100, coverage_pct: 100 });
});

test('half a day and an hour of another source cover thirteen hours', async () => {
  const of = await tables([...person(), watchDay(43200), epoch, phone]);
  const { coverage_pct } = await dayOf(of, 'steps', DAY);
  expect(coverage_pct).toBeCloseTo((13 / 24) * 100, 9);
});
