import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createDynamoReadings } from '../../ports/readings/dynamodb.ts';
import { openAnswering } from '../support/answering.ts';

const key = z.object({ id: z.object({ S: z.string() }) });
const put = z.object({ PutRequest: z.object({ Item: key }) }).transform((one) => one.PutRequest.Item.id.S);
const drop = z.object({ DeleteRequest: z.object({ Key: key }) }).transform((one) => one.DeleteRequest.Key.id.S);
const requests = z.object({ RequestItems: z.object({ t: z.unknown() }) });
const writes = z.array(z.unknown());
const reads = z.object({ Keys: z.array(z.unknown()) });

// The client wants some.
beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' }));

/** A table that does at most so much of a call, and leaves the rest undone. */
async function openBusy(most: number) {
  const done: string[] = [];
  const pauses: number[] = [];
  const calls = { write: 0, read: 0 };
  const { url } = await openAnswering((response, { body, headers }) => {
    const { t } = requests.parse(JSON.parse(body)).RequestItems;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    if (String(headers['x-amz-target']).endsWith('BatchGetItem')) {
      calls.read += 1;
      const left = reads.parse(t).Keys.slice(most);
      return void response.end(JSON.stringify({ UnprocessedKeys: left.length === 0 ? {} : { t: { Keys: left } } }));
    }
    calls.write += 1;
    const all = writes.parse(t);
    done.push(...all.slice(0, most).map((one) => z.union([put, drop]).parse(one)));
    const left = all.slice(most);
    return void response.end(JSON.stringify({ UnprocessedItems: left.length === 0 ? {} : { t: left } }));
  });
  const clock = { ...createFixedClock(0), sleep: async (ms: number) => void pauses.push(ms) };
  const connection = { endpoint: url, region: 'us-east-1', attempts: 1 };
  return { done, pauses, calls, readings: createDynamoReadings({ table: 't', clock, connection }) };
}

const metric = (name: string) => ({ row: { user_id: 'u_anna', local_date: '2026-03-01', metric: name, value: 1 } });
const session = (id: string) => ({
  row: { session_id: id, user_id: 'u_anna', local_date: '2026-03-01', start_utc: null },
});

test('rows a busy table left undone are written again, after pauses that double', async () => {
  const { readings, done, pauses, calls } = await openBusy(2);
  await readings.apply('daily_metrics', ['a', 'b', 'c', 'd', 'e'].map(metric));
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `daily_metrics#2026-03-01#${name}`));
  // Two, two and one.
  expect([calls.write, pauses.length]).toEqual([3, 2]);
  expect(pauses[1]).toBe(2 * (pauses[0] ?? 0));
});

test('places a busy table left unread are asked for again, and no session is written before', async () => {
  const { readings, calls } = await openBusy(1);
  await readings.apply('sleep_sessions', ['one', 'two', 'three'].map(session));
  // One at a time: three places are read, then three are noted and three rows written.
  expect(calls).toEqual({ read: 3, write: 6 });
});

test('a table that does nothing is given up by a code, and is not asked for ever', async () => {
  const { readings, calls } = await openBusy(0);
  await expect(readings.apply('daily_metrics', [metric('steps')])).rejects.toMatchObject({ code: 'storage_throttled' });
  expect(calls.write).toBe(8);
});
