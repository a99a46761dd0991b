import { expect, test } from 'vitest';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake } from '../../../support/lake.ts';
import { garminDaily } from '../../../support/payloads.ts';
import { MODELS } from '../../../support/transform.ts';

test('an account that turns out never to have been the person’s leaves their tables and waits again', async () => {
  const lake = openLake({ models: MODELS });
  const [earlier, then] = [Date.parse('2026-02-01T00:00:00Z'), Date.parse('2026-02-28T00:00:00Z')];
  await lake.batch([
    userFact('u_ben', { zone: 'UTC' }),
    userFact('u_anna', { zone: 'UTC' }),
    connectionFact('u_ben', 'garmin', 'g', { at: earlier }),
    connectionFact('u_ben', 'garmin', 'g', { at: then, state: 'disconnected' }),
    connectionFact('u_anna', 'garmin', 'g', { at: then }),
    garminDaily('g', '2026-03-01', { steps: 1000 }),
  ]);
  expect(await lake.query('select user_id from daily_metrics')).toEqual([{ user_id: 'u_anna' }]);
  // let go in the very millisecond it was taken: her time with it is empty
  await lake.batch([connectionFact('u_anna', 'garmin', 'g', { at: then, state: 'disconnected' })]);
  expect(await lake.query('select user_id from daily_metrics')).toEqual([]);
  expect(await lake.query(`select state from raw_objects where provider = 'garmin'`)).toEqual([{ state: 'unclaimed' }]);
  expect(await lake.compare()).toEqual([]);
});
