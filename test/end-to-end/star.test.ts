import { expect, test } from 'vitest';
import { VIEWS } from '../../ports/engine/people-tables.ts';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { openLake } from '../support/lake.ts';
import { connectionFact, MODELS, userFact, type Payload } from '../support/transform.ts';

const household = (user: string, name: string): Payload[] => [
  userFact(user, { name }),
  connectionFact(user, 'apple', user),
  {
    provider: 'apple',
    externalId: user,
    type: 'workouts',
    data: {
      data: {
        workouts: [
          {
            name: 'Running',
            start: '2026-11-10 08:00:00 +0100',
            end: '2026-11-10 08:30:00 +0100',
            activeEnergyBurned: { qty: 300, units: 'kcal' },
          },
        ],
      },
    },
    receivedAt: '2026-11-11T08:00:00Z',
  },
  {
    provider: 'apple',
    externalId: user,
    type: 'metrics',
    data: {
      data: {
        metrics: [
          {
            name: 'step_count',
            units: 'count',
            data: [{ date: '2026-11-10 09:30:00 +0100', qty: 70, source: `${name}’s Watch` }],
          },
        ],
      },
    },
    receivedAt: '2026-11-11T08:00:00Z',
  },
];
const STAR = ['dim_source', 'dim_user', 'fact_daily', 'fact_daily_metric', 'fact_workout'];

const commit = (change: () => void) => Promise.resolve((change(), true));

test('the star is there under the names of the contract before the first batch, and holds nothing of a forgotten person', async () => {
  const named = [...readCatalog(MODELS).models.values()].flatMap(({ spec }) => spec.also_called ?? []);
  expect(named.toSorted()).toEqual([...VIEWS]);
  const lake = openLake({ models: MODELS });
  const count = async (table: string) => (await lake.query(`select count(*) as n from ${table}`))[0]?.['n'];
  for (const table of [...STAR, 'dim_date', 'dim_metric', 'dim_activity']) expect(await count(table), table).toBe(0);
  const anna = household('u_anna', 'Anna');
  await lake.batch([...anna, ...household('u_ben', 'Ben')]);
  for (const [name, of] of [
    ['fact_daily_metric', 'daily_metrics'],
    ['fact_workout', 'workouts'],
  ]) {
    expect(await lake.query(`select * from ${name} order by all`)).toEqual(
      await lake.query(`select * from ${of} order by all`),
    );
  }
  expect(
    await lake.query(`select w.user_id, a.title, d.weekday from fact_workout w join dim_activity a on a.sport = w.sport
     join dim_date d on d.date = w.local_date order by 1`),
  ).toEqual([
    // 2026-11-10 was a Tuesday
    { user_id: 'u_anna', title: 'Running', weekday: 2 },
    { user_id: 'u_ben', title: 'Running', weekday: 2 },
  ]);
  const accounts = anna.map(({ provider, externalId = '' }) => accountOf(provider, externalId));
  await lake.engine.erase(
    { users: ['u_anna'], accounts, keys: [] },
    { batchId: 'b_erase', now: Date.parse('2026-11-12T00:00:00Z'), commit },
  );
  for (const table of STAR) {
    const left = JSON.stringify(await lake.query(`select * from ${table}`));
    expect(left, table).toContain('u_ben');
    expect(left, table).not.toMatch(/anna/i);
  }
});
