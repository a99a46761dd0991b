import { expect, test } from 'vitest';
import { link } from '../../../app/connections.ts';
import { addUser } from '../../../app/people.ts';
import { transform } from '../../../app/transform.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { createDuckDbWarehouse } from '../../../ports/warehouse/duckdb.ts';
import type { Row } from '../../../ports/warehouse/warehouse.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { MODELS } from '../../support/transform.ts';
import { openStack } from './stack.ts';

const DAY = '2026-11-19';
/** Midnight of the day in UTC, in epoch seconds. */
const START_S = Date.UTC(2026, 10, 19) / 1000;

const daily = (userId: string, steps: number) => ({
  userId,
  summaryId: `${userId}-${DAY}`,
  calendarDate: DAY,
  steps,
  durationInSeconds: 86_400,
  startTimeInSeconds: START_S,
  startTimeOffsetInSeconds: 0,
});

const MARTS = ['daily_metrics', 'observations', 'raw_objects', 'samples', 'sleep_sessions', 'workouts'];

test('of two accounts in one push the one nobody has connected waits, appears after link, and changes nobody else', async () => {
  const stack = openStack({ directory: temporaryDirectory(), seed: 'unclaimed', startMs: Date.UTC(2026, 10, 20, 7) });
  const warehouse = createDuckDbWarehouse({ directory: stack.lake, modelsDirectory: MODELS });
  const app = createWebhooks(stack);
  const path = `/webhooks/garmin/${stack.keyring.issue('garmin', 'path', 'k1')}`;
  const push = async (...dailies: object[]): Promise<number> => {
    stack.clock.advance(60_000);
    return (await app.request(path, { method: 'POST', body: JSON.stringify({ dailies }) })).status;
  };
  const steps = async (): Promise<readonly Row[]> =>
    (await warehouse.query(`select user_id, value from daily_metrics where metric = 'steps' order by value`)).rows;
  /** Every cell of a person's rows, our own work included. */
  const everythingOf = async (userId: string): Promise<unknown> =>
    Promise.all(
      MARTS.map(async (mart) => {
        const { rows } = await warehouse.query(`select * from ${mart} where user_id = '${userId}'`);
        return [mart, rows.map((row) => JSON.stringify(row)).toSorted()];
      }),
    );

  const [anna, ben, chloe] = [
    await addUser(stack, { name: 'Anna' }),
    await addUser(stack, { name: 'Ben' }),
    await addUser(stack, { name: 'Chloe' }),
  ];
  await link(stack, { provider: 'garmin', user: anna, externalId: 'watch-of-anna' });
  await link(stack, { provider: 'garmin', user: chloe, externalId: 'watch-of-chloe' });
  expect(await push(daily('watch-of-chloe', 3000))).toBe(200);
  expect(await push(daily('watch-of-anna', 1000), daily('watch-of-ben', 2000))).toBe(200);
  await transform(stack);

  expect(await steps()).toEqual([
    { user_id: anna.user_id, value: 1000 },
    { user_id: chloe.user_id, value: 3000 },
  ]);
  const states = `select state, count(*) as n from raw_objects where provider = 'garmin' group by state order by state`;
  expect((await warehouse.query(states)).rows).toEqual([
    { state: 'processed', n: 2 },
    { state: 'unclaimed', n: 1 },
  ]);
  expect((await warehouse.query('select * from quarantine')).rows).toEqual([]);
  const before = [await everythingOf(anna.user_id), await everythingOf(chloe.user_id)];

  stack.clock.advance(60_000);
  await link(stack, { provider: 'garmin', user: ben, externalId: 'watch-of-ben' });
  await transform(stack);

  expect(await steps()).toEqual([
    { user_id: anna.user_id, value: 1000 },
    { user_id: ben.user_id, value: 2000 },
    { user_id: chloe.user_id, value: 3000 },
  ]);
  expect((await warehouse.query(states)).rows).toEqual([{ state: 'processed', n: 3 }]);
  expect([await everythingOf(anna.user_id), await everythingOf(chloe.user_id)]).toEqual(before);
  await warehouse.close();
  await stack.close();
});
