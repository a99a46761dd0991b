import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type AwsConnection, clientSettings, told } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
import { keyOf } from './dynamodb-items.ts';
import { createDynamoLeases } from './dynamodb-leases.ts';
import { createDynamoRecords } from './dynamodb-records.ts';
import type { State } from './state.ts';

export interface DynamoOptions {
  /** Partition key `kind`, sort key `id`, both text; time to live in `ttl` (Unix seconds). */
  readonly table: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly connection?: AwsConnection;
}

const COUNTER = '#counter';

/**
 * State in one DynamoDB table that any number of functions share; kinds that start with `#` are the driver's own. A record takes 400 KB.
 * Needs no right to scan.
 */
export function createDynamoState(options: DynamoOptions): State {
  const { table: TableName } = options;
  const client = new DynamoDBClient(clientSettings(options.connection ?? {}));
  const records = createDynamoRecords({ ...options, client });
  const leases = createDynamoLeases({ ...options, client });
  return {
    get: <T>(kind: string, id: string) => told('Reading a record', () => records.get<T>(kind, id)),
    list: <T>(kind: string, prefix = '') => told('Listing records', () => records.list<T>(kind, prefix)),
    put: (kind, id, value, put = {}) => told('Writing a record', () => records.put(kind, id, value, put)),
    delete: (kind, id, { expect } = {}) => told('Deleting a record', () => records.remove(kind, id, expect)),
    /** A number whose answer was lost is skipped, never given twice. */
    next: (counter) =>
      told('Counting', async () => {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(COUNTER, counter),
            UpdateExpression: 'add #count :one',
            ExpressionAttributeNames: { '#count': 'count' },
            ExpressionAttributeValues: { ':one': { N: '1' } },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        return Number(Attributes?.['count']?.N);
      }),
    acquire: (name, { ttlMs }) => leases.acquire(name, ttlMs),
    whileHeld: leases.whileHeld,
    dropExpired: () => told('Dropping what has expired', () => records.dropExpired()),
    everything: () => told('Listing every record', () => records.everything()),
    // Nothing of a deleted item can be read; point-in-time recovery forgets it after its 35 days at most.
    scrub: leases.drop,
    async close() {
      client.destroy();
    },
  };
}
