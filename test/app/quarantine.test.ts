import { expect, test } from 'vitest';
import { listQuarantine, retryQuarantine, showQuarantine } from '../../app/quarantine.ts';
import { transform } from '../../app/transform.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { garminDaily } from '../support/payloads.ts';
import { openPlant } from '../support/plant.ts';

async function publishImpossibleSteps() {
  const plant = openPlant();
  await plant.store([
    userFact('u_anna', { zone: 'UTC' }),
    connectionFact('u_anna', 'garmin', 'g'),
    // more steps than a day can hold (200,000), beside a distance that is fine
    garminDaily('g', '2026-03-02', { steps: 900_000, distanceInMeters: 5000 }),
  ]);
  await transform(plant.runtime);
  return plant;
}

test('what was refused is listed with object, place, rule and text, and its neighbours are published', async () => {
  const { runtime, query } = await publishImpossibleSteps();
  const items = await listQuarantine(runtime);
  expect(items).toMatchObject([
    { rule: 'out_of_range', pointer: '/dailies/0/steps', text: '900000', user_id: 'u_anna' },
  ]);
  expect(await query('select metric, value from daily_metrics')).toEqual([{ metric: 'distance_m', value: 5000 }]);
  const id = String(items[0]?.['quarantine_id']);
  expect(await showQuarantine(runtime, id)).toEqual(items[0]);
});

test('trying again reads the object again and recomputes its person alone', async () => {
  const { runtime, events } = await publishImpossibleSteps();
  const [item] = await listQuarantine(runtime);
  const summary = await retryQuarantine(runtime, String(item?.['quarantine_id']));
  expect(summary).toMatchObject({ objects: 1, observations: 1, quarantined: 1 });
  expect(events.at(-1)?.detail).toMatchObject({ users: ['u_anna'] });
  // the models have not changed, so neither has the answer
  expect(await listQuarantine(runtime)).toMatchObject([{ rule: 'out_of_range' }]);
});

test('an id that is not there is refused with the way to the list', async () => {
  const { runtime } = openPlant();
  await expect(showQuarantine(runtime, 'q_nothing')).rejects.toMatchObject({
    code: 'unknown_quarantine',
    status: 404,
    exit: 2,
  });
});
