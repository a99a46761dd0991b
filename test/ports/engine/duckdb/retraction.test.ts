import { expect, test } from 'vitest';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake } from '../../../support/lake.ts';
import { garminDaily } from '../../../support/payloads.ts';
import { rawObject, type Payload } from '../../../support/raw.ts';
import { MODELS } from '../../../support/transform.ts';

const ANNA = [userFact('u_anna', { zone: 'UTC' }), connectionFact('u_anna', 'garmin', 'g')];
const WRONG = garminDaily('g', '2026-03-01', { steps: 1000 });
const RETRACTION: Payload = {
  provider: 'wellspring',
  externalId: 'stack',
  type: 'retraction',
  receiver: 'self',
  receivedAt: '2026-03-05T00:00:00Z',
  data: { effective_at: 1_772_668_800_000, sequence: 1_000_000, raw_keys: [rawObject(WRONG).key] },
};
const DAYS = 'select local_date from daily_metrics order by 1';

test('an object retracted by the stack goes with the next batch, and stays gone in those after', async () => {
  const lake = openLake({ models: MODELS });
  await lake.batch([...ANNA, WRONG, garminDaily('g', '2026-03-02', { steps: 2000 })]);
  expect((await lake.batch([RETRACTION])).users).toEqual(['u_anna']);
  expect(await lake.query(DAYS)).toEqual([{ local_date: '2026-03-02' }]);
  await lake.batch([garminDaily('g', '2026-03-03', { steps: 3000 })]);
  expect(await lake.query(DAYS)).toEqual([{ local_date: '2026-03-02' }, { local_date: '2026-03-03' }]);
  expect(await lake.compare()).toEqual([]);
});

test('a retraction holds for an object taken in after it', async () => {
  const lake = openLake({ models: MODELS });
  await lake.batch([RETRACTION]);
  await lake.batch([...ANNA, WRONG]);
  expect(await lake.query(DAYS)).toEqual([]);
  expect(await lake.compare()).toEqual([]);
});
