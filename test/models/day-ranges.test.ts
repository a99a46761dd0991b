import { expect, test } from 'vitest';
import { apple, at, daily, garmin, person, refused, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
/** Quarters of an hour from 9 o'clock. */
const quarter = (number: number) => ({
  startTimeInSeconds: at(`${DAY}T08:00:00Z`) + number * 900,
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 900,
  activityType: 'WALKING',
  steps: 100_000,
});
const epochs = garmin('epochs', [0, 1, 2].map(quarter), RECEIVED);

test('a sum no day can hold is refused, and another source’s day stands', async () => {
  // 3 x 100,000 steps, each of which could be a day's; a phone saw 500 of them
  const phone = apple('step_count', 'count', [{ date: `${DAY} 09:00:00 +0100`, qty: 500 }], RECEIVED, 'Hours');
  const of = await tables([...person(), epochs, phone]);
  expect(await daily(of, 'steps')).toEqual({ [DAY]: 500 });
  expect(
    await of.query('select rule, pointer, text, detail, n from (select *, count(*) over () as n from quarantine)'),
  ).toEqual([
    {
      rule: 'out_of_range',
      pointer: '/epochs/0/steps',
      text: '300000',
      detail: 'above the most steps can be, on 2026-11-10',
      n: 1,
    },
  ]);
});

test('what is worked out from two values of a day is refused outside its range, its parts stand', async () => {
  const day = {
    calendarDate: DAY,
    startTimeInSeconds: at('2026-11-09T23:00:00Z'),
    startTimeOffsetInSeconds: 3600,
    durationInSeconds: 86400,
    activeKilocalories: 15_000,
    bmrKilocalories: 10_000,
  };
  const of = await tables([
    ...person(),
    garmin('dailies', [day], RECEIVED), // 25,000 kcal of 20,000
    apple('weight_body_mass', 'kg', [{ date: `${DAY} 07:30:10 +0100`, qty: 300 }], RECEIVED, 'None'),
    apple('height', 'cm', [{ date: `${DAY} 07:30:10 +0100`, qty: 100 }], RECEIVED, 'None'), // 300 / 1² of 150
  ]);
  expect(await daily(of, 'energy_total_kcal')).toEqual({});
  expect(await daily(of, 'energy_active_kcal')).toEqual({ [DAY]: 15_000 });
  expect(await daily(of, 'bmi_kg_m2')).toEqual({});
  expect(await daily(of, 'weight_kg')).toEqual({ [DAY]: 300 });
  expect(await refused(of)).toEqual([
    'out_of_range /dailies/0/activeKilocalories',
    'out_of_range /data/metrics/0/data/0/qty',
  ]);
});

test('sources that together give what no day can hold leave the day out', async () => {
  // 150,000 in the watch's hour and 100,000 in the phone's, each of them possible
  const phone = apple('step_count', 'count', [{ date: `${DAY} 18:00:00 +0100`, qty: 100_000 }], RECEIVED, 'Hours');
  const watch = garmin('epochs', [{ ...quarter(0), steps: 150_000 }], RECEIVED);
  const of = await tables([...person(), watch, phone]);
  expect(await daily(of, 'steps')).toEqual({});
  expect(await of.query('select rule, pointer, text from quarantine')).toEqual([
    { rule: 'out_of_range', pointer: '/epochs/0/steps', text: '250000' },
  ]);
});
