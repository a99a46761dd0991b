import { expect, test } from 'vitest';
import { apple, at, dayOf, garmin, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
/** The day ends at 23:00Z in Paris; three days later it is final. */
const THREE_DAYS = '2026-11-13T23:00:00.000Z';
const ITS_END = '2026-11-10T23:00:00.000Z';
const sleep = (startsAt: string, durationInSeconds: number, validation: string) => ({
  calendarDate: DAY,
  startTimeInSeconds: at(startsAt),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds,
  validation,
});
const fullDay = garmin(
  'dailies',
  [
    {
      calendarDate: DAY,
      startTimeInSeconds: at('2026-11-09T23:00:00Z'),
      startTimeOffsetInSeconds: 3600,
      durationInSeconds: 86400,
      steps: 3100,
      activeKilocalories: 500,
      bmrKilocalories: 1600,
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
      durationInSeconds: 3600,
      activityType: 'WALKING',
      steps: 1000,
    },
  ],
  RECEIVED,
);
const phone = (hour: string) =>
  apple('step_count', 'count', [{ date: `${DAY} ${hour}:00:00 +0100`, qty: 500, source: 'iPhone' }], RECEIVED, 'Hours');

test('a nap marked final does not make a tentative night final', async () => {
  const night = sleep('2026-11-09T22:00:00Z', 25200, 'AUTO_TENTATIVE');
  const nap = sleep('2026-11-10T13:00:00Z', 3600, 'AUTO_FINAL');
  const of = await tables([...person(), garmin('sleeps', [night, nap], RECEIVED)]);
  expect(await dayOf(of, 'sleep_total_s', DAY)).toMatchObject({ value: 25200, final_at: THREE_DAYS });
});

test('a night marked final is final at its end, whatever a nap of the day is', async () => {
  const night = sleep('2026-11-09T22:00:00Z', 25200, 'AUTO_FINAL');
  const nap = sleep('2026-11-10T13:00:00Z', 3600, 'AUTO_TENTATIVE');
  const of = await tables([...person(), garmin('sleeps', [night, nap], RECEIVED)]);
  // 22:00Z and seven hours
  expect(await dayOf(of, 'sleep_total_s', DAY)).toMatchObject({ value: 25200, final_at: '2026-11-10T05:00:00.000Z' });
});

test('total energy is final with both of its parts', async () => {
  const of = await tables([...person(), fullDay]);
  expect(await dayOf(of, 'energy_total_kcal', DAY)).toMatchObject({ value: 2100, final_at: ITS_END });
});

test('what a phone adds to a finished watch day may still change', async () => {
  // the watch counts by its total and knows 9 to 10 o'clock in detail: the phone's 15 o'clock adds to it
  const of = await tables([...person(), fullDay, epoch, phone('15')]);
  expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 3600, final_at: THREE_DAYS });
});

test('a phone that adds nothing leaves a finished watch day final', async () => {
  const of = await tables([...person(), fullDay, epoch, phone('09')]);
  expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 3100, n_sources: 2, final_at: ITS_END });
});
