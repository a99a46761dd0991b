import { expect, test } from 'vitest';
import { lists } from '../../app/api/lists.ts';
import { listQuarantine, retryQuarantine, showQuarantine } from '../../app/quarantine.ts';
import { transform } from '../../app/transform.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { openPages } from '../support/pages.ts';
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

test('a token in what was refused is shown to nobody, by the command or by the API', async () => {
  const secret = 'a-made-up-token-of-garmin';
  const text = `{"userAccessToken":"${secret}","steps":"many"}`;
  const row = { quarantine_id: 'q_1', raw_key: 'raw/k', pointer: '/dailies/0', rule: 'malformed', detail: null, text };
  const hidden = { ...row, quarantine_id: 'q_2', pointer: '/dailies/0/userAccessToken', text: secret };
  const rows: readonly Row[] = [row, hidden];
  const warehouse = { run: async () => rows };
  const shown = ['{"userAccessToken":"…","steps":"many"}', '…'];
  expect((await listQuarantine({ warehouse })).map((one) => one['text'])).toEqual(shown);
  expect(await showQuarantine({ warehouse }, 'q_1')).toEqual({ ...row, text: shown[0] });
  const list = lists.find(({ name }) => name === 'quarantine');
  const { runtime } = openPages({
    queries: { api_quarantine: rows.map((one) => ({ ...one, page_key: 'k', place: 1 })) },
  });
  const request = { userId: '', from: '2026-03-01', to: '2026-03-01', metric: undefined, after: '', limit: 9 };
  expect((await list?.source(runtime)(request))?.map((one) => one.row['text'])).toEqual(shown);
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
