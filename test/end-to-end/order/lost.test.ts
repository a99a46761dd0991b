import { expect, test } from 'vitest';
import { sweep } from '../../../app/sweep.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import type { Bus } from '../../../ports/bus/bus.ts';
import { createDuckDbWarehouse } from '../../../ports/warehouse/duckdb.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { MODELS } from '../../support/transform.ts';
import { settle } from './household.ts';
import { openStack, type Stack } from './stack.ts';

const buses: readonly (readonly [string, Bus['publish']])[] = [
  ['refuses every event', (events) => Promise.resolve(events.map(() => ({ ok: false, reason: 'full' })))],
  ['fails', () => Promise.reject(new Error('no such bus'))],
];

/** Sends the first days of one person's watch, and answers how many objects wait below `raw/`. */
async function sendSome(stack: Stack): Promise<number> {
  const population = generatePeople({ seed: 'lost', days: 4, people: 3, until: '2026-11-15' });
  await settle(stack, population);
  const app = createWebhooks(stack);
  const path = `/webhooks/garmin/${stack.keyring.issue('garmin', 'path', 'k1')}`;
  for (const parcel of population.deliveries) {
    if (parcel.kind === 'file' || parcel.provider !== 'garmin') continue;
    stack.clock.advance(1000);
    expect((await app.request(path, { method: 'POST', body: parcel.body })).status).toBe(200);
  }
  let objects = 0;
  for await (const _ of stack.objects.list('raw/')) objects += 1;
  return objects;
}

test.each(buses)('what was acknowledged is published by the sweep when the bus %s', async (_, publish) => {
  const opened = openStack({
    directory: temporaryDirectory(),
    seed: 'lost',
    startMs: Date.UTC(2026, 10, 17, 9),
  });
  const stack = { ...opened, bus: { publish } };
  const objects = await sendSome(stack);
  expect(objects).toBeGreaterThan(20);
  expect(await sweep(stack)).toMatchObject({ objects });
  const warehouse = createDuckDbWarehouse({ directory: stack.lake, modelsDirectory: MODELS });
  const { rows } = await warehouse.query('select count(*) as n from raw_objects');
  expect(rows).toEqual([{ n: objects }]);
  // Nothing is left: the next sweep has nothing to start.
  expect(await sweep(stack)).toBeUndefined();
  await warehouse.close();
  await stack.close();
});
