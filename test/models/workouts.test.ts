import { describe, expect, test } from 'vitest';
import { person, refused, tables } from './deliveries.ts';
import type { Payload } from '../support/transform.ts';

const RECEIVED = '2026-11-11T08:00:00Z';
const reading = (qty: unknown, units = 'bpm') => ({ date: '2026-11-10 08:05:00 +0100', qty, units });
const walk = (fields: object): Payload => ({
  provider: 'apple',
  externalId: 'p',
  type: 'workouts',
  data: {
    data: {
      workouts: [{ name: 'Walking', start: '2026-11-10 08:00:00 +0100', end: '2026-11-10 08:30:00 +0100', ...fields }],
    },
  },
  receivedAt: RECEIVED,
});
const heart = async (fields: object) => {
  const of = await tables([...person(), walk(fields)]);
  return {
    rows: await of.query('select hr_avg_bpm, hr_max_bpm from workouts'),
    refused: await refused(of),
  };
};

describe('the heart rate of a workout', () => {
  test('without figures is the mean and the highest of its single readings', async () => {
    // (100 + 110 + 135) / 3; count/min is beats as well
    expect(await heart({ heartRateData: [reading(100), reading(110, 'count/min'), reading(135)] })).toEqual({
      rows: [{ hr_avg_bpm: 115, hr_max_bpm: 135 }],
      refused: [],
    });
  });

  test('is the app’s own figure where it gives one, whatever readings lie beside it', async () => {
    const heartRate = { avg: { qty: 120, units: 'bpm' }, max: { qty: 150, units: 'bpm' } };
    expect(await heart({ heartRate, heartRateData: [reading(190)] })).toEqual({
      rows: [{ hr_avg_bpm: 120, hr_max_bpm: 150 }],
      refused: [],
    });
    // rows of version 2 are minutes with figures of their own, which no reading is
    const minute = { date: '2026-11-10 08:05:00 +0100', Min: 90, Avg: 95, Max: 99, units: 'bpm' };
    expect((await heart({ heartRateData: [minute] })).rows).toEqual([{ hr_avg_bpm: null, hr_max_bpm: null }]);
  });

  test('is not guessed from readings of which one cannot be read', async () => {
    const missing = [{ hr_avg_bpm: null, hr_max_bpm: null }];
    const place = '/data/workouts/0/heartRateData';
    expect(await heart({ heartRateData: [reading(100), reading(1.7, 'Schläge')] })).toEqual({
      rows: missing,
      refused: [`unknown_unit ${place}`, `unknown_unit ${place}`],
    });
    expect(await heart({ heartRateData: [reading(100), reading('many')] })).toEqual({
      rows: missing,
      refused: [`not_a_number ${place}`, `not_a_number ${place}`],
    });
    // one of a thousand would hide in the mean
    for (const qty of [1e300, 251, 19])
      expect(
        await heart({ heartRateData: [...Array.from({ length: 1000 }, () => reading(100)), reading(qty)] }),
      ).toEqual({
        rows: missing,
        refused: [`out_of_range ${place}`, `out_of_range ${place}`],
      });
  });
});
