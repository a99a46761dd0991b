// moto checks conditions as DynamoDB does and one after the other; it never throttles, deletes nothing that has expired, and knows no limit
// of an item. With LIVE=1 the same tests run on tables of their own, where racing writers are really at once.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { clientSettings } from '../../ports/aws.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createDynamoReadings } from '../../ports/readings/dynamodb.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { isLive, onAws } from '../support/aws.ts';
import { makeTable } from '../support/aws-made.ts';
import { openForwarder } from '../support/forwarder.ts';
import { stateContract } from './state.ts';

onAws((aws) => {
  const open = async (clock: Clock = createFixedClock(1_000_000)) => {
    const { connection } = aws;
    const table = await makeTable(connection);
    return { table, clock, state: createDynamoState({ table, clock, ids: createRandomIds(), connection }) };
  };

  stateContract(
    'dynamodb',
    async (clock) => (await open(clock)).state,
    () => {
      test('an item says in whole seconds, not before its end, when the table may remove it', async () => {
        const { table, state } = await open();
        await state.put('session', 's', 1, { expiresAt: 1_500_001 });
        const scan = new ScanCommand({ TableName: table });
        const { Items = [] } = await new DynamoDBClient(clientSettings(aws.connection)).send(scan);
        expect(Items.find(({ kind }) => kind?.S === 'session')?.['ttl']).toEqual({ N: '1501' });
      });

      test('more records than one answer takes are all listed and all told', async () => {
        const { state } = await open();
        // An answer takes 1 MB: four of these.
        const text = 'x'.repeat(250_000);
        const ids = Array.from({ length: 9 }, (_, n) => `u_${n}`);
        for (const id of ids) await state.put('user', id, text);
        expect((await state.list('user')).map(({ id }) => id)).toEqual(ids);
        expect((await state.everything()).map(({ id }) => id)).toEqual(ids);
      });

      test('a record that no item can hold is refused before anything is sent, and the error does not repeat it', async () => {
        const { state } = await open();
        const failed = { code: 'record_too_large', message: expect.not.stringContaining('xxx') };
        await expect(state.put('user', 'u', 'x'.repeat(400_000))).rejects.toMatchObject(failed);
        expect(await state.put('user', 'u', 'x'.repeat(399_998))).toMatchObject({ ok: true });
      });

      test('readings in the same table are no records', async () => {
        const { table, state } = await open();
        const readings = createDynamoReadings({ table, clock: createFixedClock(0), connection: aws.connection });
        const row = { user_id: 'u_anna', local_date: '2026-03-01', metric: 'steps', value: 1 };
        await readings.apply('daily_metrics', [{ row }]);
        await state.put('user', 'u_anna', 1);
        expect(await state.everything()).toEqual([{ kind: 'user', id: 'u_anna', value: 1 }]);
      });

      test('a table that is not there is an error that names no record', async () => {
        const clock = createFixedClock(0);
        const state = createDynamoState({ table: 'none', clock, ids: createRandomIds(), connection: aws.connection });
        const failed = {
          code: 'storage_failed',
          message: expect.stringMatching(/^[A-Z][a-z ]+ failed: ResourceNotFoundException \(400\)\.$/),
        };
        const calls = [
          state.get('user', 'u_1'),
          state.put('user', 'u_1', 1),
          state.delete('user', 'u_1'),
          state.list('user'),
          state.next('fact'),
          state.acquire('batch', { ttlMs: 1 }),
          state.everything(),
          state.dropExpired(),
          state.scrub(['u_1']),
        ];
        await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(failed)));
      });

      test('a lease whose renewal took all of its time changes nothing', async () => {
        const { state, clock, table } = await open();
        const slow: Clock = { now: () => times.shift() ?? 10_000, sleep: (ms) => clock.sleep(ms) };
        const times = [1000, 1000];
        const held = createDynamoState({ table, clock: slow, ids: createRandomIds(), connection: aws.connection });
        const result = await held.acquire('batch', { ttlMs: 500 });
        if (!result.ok) throw new TypeError('not held');
        // Asked at 1,000 until 1,500; the answer is there at 10,000.
        expect(await held.whileHeld(result.lease, () => expect.unreachable('The change ran.'))).toBe(false);
        await state.close();
      });

      test('an old holder does not pass for the new one when fences began again', async () => {
        const { state } = await open();
        const old = await state.acquire('collect/c_1', { ttlMs: 0 });
        await state.scrub(['c_1']);
        const next = await state.acquire('collect/c_1', { ttlMs: 1000 });
        if (!old.ok || !next.ok) throw new TypeError('not held');
        expect([old.lease.fence, next.lease.fence]).toEqual([1, 1]);
        expect(await state.whileHeld(old.lease, () => expect.unreachable('The change ran.'))).toBe(false);
        await old.lease.release();
        expect(await state.whileHeld(next.lease, () => undefined)).toBe(true);
      });

      test.skipIf(isLive)(
        'a writer whose answer was lost on the way knows its own write and lease when it asks again',
        async () => {
          const { table, clock } = await open();
          const forwarder = await openForwarder(aws.connection);
          const connection = { ...aws.connection, endpoint: forwarder.url, attempts: 3 };
          const state = createDynamoState({ table, clock, ids: createRandomIds(), connection });
          await state.put('user', 'other', 0);
          forwarder.lose('PutItem');
          expect(await state.put('user', 'u', 'a', { expect: 0 })).toEqual({ ok: true, version: 1 });
          forwarder.lose('UpdateItem');
          const taken = await state.acquire('batch', { ttlMs: 1000 });
          expect(taken).toMatchObject({ ok: true, lease: { fence: 1 } });
          expect(forwarder.lost).toBe(2);
          expect(await state.get('user', 'u')).toEqual({ id: 'u', value: 'a', version: 1 });
        },
      );
    },
  );
});
