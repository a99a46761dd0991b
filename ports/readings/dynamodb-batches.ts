import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';

export type Item = Record<string, AttributeValue>;
/** An item to put, or undefined to delete what is under the key. */
export interface Write {
  readonly kind: string;
  readonly id: string;
  readonly item: Item | undefined;
}

/** BatchWriteItem takes 25, BatchGetItem 100; what they leave undone is repeated after a pause that doubles. */
const [WRITES, READS] = [25, 100];
const [PAUSE_MS, TRIES] = [50, 8];

export const keyOf = (kind: string, id: string): Item => ({ kind: { S: kind }, id: { S: id } });

/** Many items at a time, in calls that AWS may do in part. Throws `storage_throttled` when a part is never done. */
export function createBatches(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
}) {
  const { client, table, clock } = options;

  /** `step` answers what it left undone. */
  async function insist<T>(all: readonly T[], step: (some: T[]) => Promise<readonly T[]>): Promise<void> {
    let left = all;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt === TRIES) throw throttled();
      if (attempt > 0) await clock.sleep(PAUSE_MS * 2 ** attempt);
      left = await step([...left]);
    }
  }

  return {
    /** Each key once in one call, or AWS refuses all of it: of several writes of a key the last one counts. */
    async write(writes: readonly Write[]): Promise<void> {
      const byKey = new Map(writes.map((one) => [`${one.kind} ${one.id}`, one]));
      const requests = [...byKey.values()].map(({ kind, id, item }): WriteRequest =>
        item === undefined
          ? { DeleteRequest: { Key: keyOf(kind, id) } }
          : { PutRequest: { Item: { ...keyOf(kind, id), ...item } } },
      );
      for (const some of portions(requests, WRITES)) {
        await insist(some, async (left) => {
          const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
          return answer.UnprocessedItems?.[table] ?? [];
        });
      }
    },
    /** Those that are there, in any order. */
    async read(keys: readonly Item[]): Promise<readonly Item[]> {
      const found: Item[] = [];
      for (const some of portions(keys, READS)) {
        await insist(some, async (Keys) => {
          const answer = await client.send(
            new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
          );
          found.push(...(answer.Responses?.[table] ?? []));
          return answer.UnprocessedKeys?.[table]?.Keys ?? [];
        });
      }
      return found;
    },
  };
}

function portions<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

function throttled(): PortError {
  return new PortError('storage_throttled', 'The table took too few readings at a time.', { remedy: 'Try again.' });
}
