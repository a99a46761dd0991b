import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openForget } from '../../handlers/forget-runtime.ts';
import { tablesOf } from '../../handlers/runtime.ts';
import { openAnswering } from '../support/answering.ts';
import { VARIABLES } from '../support/variables.ts';

const START_MS = Date.parse('2026-03-05T06:00:00Z');
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START_MS }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** AWS in which a query of Athena takes a minute: each look at it comes twenty seconds after the one before. */
async function openSlowAthena() {
  let looks = 0;
  const execution = () => {
    vi.setSystemTime(Date.now() + 20_000);
    looks += 1;
    return { QueryExecution: { QueryExecutionId: 'q1', Status: { State: looks < 3 ? 'RUNNING' : 'SUCCEEDED' } } };
  };
  const said: Readonly<Record<string, () => object>> = {
    GetSecretValue: () => ({ SecretString: '{}' }),
    Query: () => ({ Items: [], Count: 0 }),
    StartQueryExecution: () => ({ QueryExecutionId: 'q1' }),
    GetQueryExecution: execution,
    GetQueryResults: () => ({ ResultSet: { Rows: [], ResultSetMetadata: { ColumnInfo: [] } } }),
  };
  const { url } = await openAnswering((response: ServerResponse, { headers }) => {
    const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(said[operation]?.() ?? {}));
  });
  const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' };
  for (const [name, value] of Object.entries({ ...keys, AWS_ENDPOINT_URL: url })) vi.stubEnv(name, value);
}

const query = { name: 'count', sql: 'select count(*) as n from daily_metrics' };

test('a page does not wait a minute for Athena, whoever forgets somebody does', async () => {
  await openSlowAthena();
  await expect(tablesOf(VARIABLES).warehouse.run(query)).rejects.toMatchObject({ code: 'query_timeout' });
  await openSlowAthena();
  expect(await (await openForget(VARIABLES)).warehouse.run(query)).toEqual([]);
});
