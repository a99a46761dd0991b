// The same rows as the marts': each batch runs on DuckDB, and what its tables say is applied. moto does every write of a batch; that some
// are left undone is test/ports/unprocessed.test.ts's, and happens with LIVE=1 when it happens.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { clientSettings } from '../../ports/aws.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createDynamoReadings } from '../../ports/readings/dynamodb.ts';
import { READINGS_TABLES } from '../../ports/readings/readings.ts';
import { onAws } from '../support/aws.ts';
import { makeTable } from '../support/aws-made.ts';
import { openLake } from '../support/lake.ts';
import { MODELS } from '../support/transform.ts';
import { readingsContract } from './readings.ts';
import { readingsStoreContract } from './readings-store.ts';

onAws((aws) => {
  const open = async () => {
    const table = await makeTable(aws.connection);
    return { table, readings: createDynamoReadings({ table, clock: createFixedClock(0), connection: aws.connection }) };
  };

  readingsContract(
    'dynamodb',
    async () => {
      const { readings } = await open();
      const lake = openLake({ models: MODELS });
      return {
        readings,
        async publish(payloads) {
          await lake.batch(payloads);
          for (const table of READINGS_TABLES) {
            const rows = await lake.query(`select * from ${table}`);
            await readings.apply(
              table,
              rows.map((row) => ({ row })),
            );
          }
        },
      };
    },
    () => {
      readingsStoreContract(async () => (await open()).readings);

      test('of somebody removed nothing lies in the table, also not where a session was', async () => {
        const { table, readings } = await open();
        const row = { session_id: 's1', user_id: 'u_anna', local_date: '2026-03-01', start_utc: null };
        await readings.apply('sleep_sessions', [{ row }]);
        await readings.remove('u_anna');
        const scan = new ScanCommand({ TableName: table });
        expect((await new DynamoDBClient(clientSettings(aws.connection)).send(scan)).Items).toEqual([]);
      });

      test.each([
        ['user_id', { local_date: '2026-03-01', metric: 'steps' }],
        ['local_date', { user_id: 'u_anna', local_date: 'today', metric: 'steps' }],
        ['metric', { user_id: 'u_anna', local_date: '2026-03-01', metric: null }],
      ])('a row without a usable %s is refused by the name of the column', async (column, row) => {
        const { readings } = await open();
        const failed = { code: 'invalid_reading', message: `A row of daily_metrics has no usable ${column}.` };
        await expect(readings.apply('daily_metrics', [{ row }])).rejects.toMatchObject(failed);
      });
    },
  );
});
