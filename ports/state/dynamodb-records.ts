import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
import { createKinds } from './dynamodb-kinds.ts';
import { type Item, itemOf, keyOf, type Lying, lyingIn, textOf, unchanged } from './dynamodb-items.ts';
import type { PutOptions, PutResult, StoredRecord, Versioned } from './state.ts';

const CONFLICT = { ok: false, reason: 'conflict' } as const;

/** Records of one table. All reads are consistent ones, every write is conditional on what was read before it. */
export function createDynamoRecords(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly ids: Ids;
}) {
  const { client, table: TableName, clock, ids } = options;
  const kinds = createKinds({ client, table: TableName });
  const isOpen = ({ until }: Lying): boolean => until === null || until > clock.now();

  async function find(kind: string, id: string): Promise<Lying | undefined> {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(kind, id), ConsistentRead: true }));
    return lyingIn(Item);
  }

  /** Every item of a kind whose id starts with the prefix, ascending by bytes: the order of a sort key. */
  async function* lie(kind: string, prefix = ''): AsyncIterable<{ readonly id: string; readonly lying: Lying }> {
    const begins = prefix === '' ? '' : ' and begins_with(id, :prefix)';
    const query = {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: `kind = :kind${begins}`,
      ExpressionAttributeValues: { ':kind': { S: kind }, ...(prefix === '' ? {} : { ':prefix': { S: prefix } }) },
    };
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      for (const item of Items) {
        const lying = lyingIn(item);
        if (lying !== undefined) yield { id: item['id']?.S ?? '', lying };
      }
    }
  }

  /** False when the condition did not hold, unless what is there is this very write: the client repeats one whose answer was lost. */
  async function write(command: PutItemCommand | DeleteItemCommand, own?: string): Promise<boolean> {
    try {
      await (command instanceof PutItemCommand ? client.send(command) : client.send(command));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return own !== undefined && lyingIn(error.Item)?.write === own;
    }
  }

  async function put(kind: string, id: string, value: unknown, { expect, expiresAt }: PutOptions): Promise<PutResult> {
    const text = textOf(kind, value);
    await kinds.note(kind, expiresAt !== undefined);
    for (;;) {
      const seen = await find(kind, id);
      const version = seen !== undefined && isOpen(seen) ? seen.version : 0;
      if (expect !== undefined && expect !== version) return CONFLICT;
      const own = ids.id('w', 16);
      const Item: Item = itemOf({ kind, id, text, version: version + 1, expiresAt, write: own });
      const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
      const command = new PutItemCommand({ TableName, Item, ReturnValuesOnConditionCheckFailure, ...unchanged(seen) });
      if (await write(command, own)) return { ok: true, version: version + 1 };
    }
  }

  /** A deletion whose answer was lost cannot know its own: it is then a conflict, as if somebody else had deleted it. */
  async function remove(kind: string, id: string, expect: number | undefined): Promise<PutResult> {
    for (;;) {
      const seen = await find(kind, id);
      const version = seen !== undefined && isOpen(seen) ? seen.version : 0;
      if (expect !== undefined && expect !== version) return CONFLICT;
      if (seen === undefined || (await drop(kind, id, seen))) return { ok: true, version: 0 };
    }
  }

  const drop = (kind: string, id: string, seen: Lying): Promise<boolean> =>
    write(new DeleteItemCommand({ TableName, Key: keyOf(kind, id), ...unchanged(seen) }));

  return {
    put,
    remove,
    async get<T>(kind: string, id: string): Promise<Versioned<T> | undefined> {
      const seen = await find(kind, id);
      return seen !== undefined && isOpen(seen) ? versioned<T>(id, seen) : undefined;
    },
    async list<T>(kind: string, prefix: string): Promise<readonly Versioned<T>[]> {
      const found: Versioned<T>[] = [];
      for await (const { id, lying } of lie(kind, prefix)) if (isOpen(lying)) found.push(versioned<T>(id, lying));
      return found;
    },
    /** What the table's time to live would do within some days. A new record in the place of an expired one stays. */
    async dropExpired(): Promise<number> {
      let dropped = 0;
      for (const kind of await kinds.expiring()) {
        for await (const { id, lying } of lie(kind)) {
          if (!isOpen(lying) && (await drop(kind, id, lying))) dropped += 1;
        }
      }
      return dropped;
    },
    async everything(): Promise<readonly StoredRecord[]> {
      const all: StoredRecord[] = [];
      for (const kind of await kinds.all()) {
        for await (const { id, lying } of lie(kind)) all.push({ kind, id, value: JSON.parse(lying.text) });
      }
      return all;
    },
  };
}

/** The caller says what it has put under this kind, as with every driver. */
function versioned<T>(id: string, { text, version }: Lying): Versioned<T> {
  const value: T = JSON.parse(text);
  return { id, value, version };
}
