import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { told } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
import { keyOf } from './dynamodb-items.ts';
import type { Lease, LeaseResult } from './state.ts';

const LEASE = '#lease';

/** The end of a lease that was given back. */
const RELEASED = 0;

interface Holding {
  readonly name: string;
  readonly fence: number;
  /** Of this one acquisition: a fence that began again after `drop` is nobody else's. */
  readonly holder: string;
  readonly ttlMs: number;
}

const named = { '#until': 'until' };
const ms = (at: number) => ({ N: String(at) });

/**
 * Leases as items: `fence` only grows, `until` is Unix ms by the clock of whoever wrote it. Nobody sees a holder die: it keeps its lease
 * until its time is over. Clocks that are a second apart make a lease a second shorter or longer.
 */
export function createDynamoLeases(options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly ids: Ids;
}) {
  const { client, table: TableName, clock, ids } = options;
  const holdings = new WeakMap<Lease, Holding>();

  /** Sets the end of a lease that is still this holder's: one past its time is, until somebody takes it. False when it is not. */
  async function setEnd({ name, fence, holder }: Holding, until: number): Promise<boolean> {
    const update = new UpdateItemCommand({
      TableName,
      Key: keyOf(LEASE, name),
      UpdateExpression: 'set #until = :until',
      ConditionExpression: 'fence = :fence and holder = :holder and #until > :released',
      ExpressionAttributeNames: named,
      ExpressionAttributeValues: {
        ':until': ms(until),
        ':fence': { N: String(fence) },
        ':holder': { S: holder },
        ':released': ms(RELEASED),
      },
    });
    return told('Renewing a lease', () => succeeded(client.send(update)));
  }

  function leaseOf(holding: Holding): Lease {
    const lease = {
      name: holding.name,
      fence: holding.fence,
      renew: () => setEnd(holding, clock.now() + holding.ttlMs),
      release: async () => void (await setEnd(holding, RELEASED)),
    };
    holdings.set(lease, holding);
    return lease;
  }

  async function take(name: string, ttlMs: number): Promise<LeaseResult> {
    const now = clock.now();
    const holder = ids.id('h', 12);
    const granted = (fence: string | undefined): LeaseResult => ({
      ok: true,
      lease: leaseOf({ name, fence: Number(fence), holder, ttlMs }),
    });
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(LEASE, name),
          UpdateExpression: 'set holder = :holder, #until = :until add fence :one',
          ConditionExpression: 'attribute_not_exists(id) or #until <= :now',
          ExpressionAttributeNames: named,
          ExpressionAttributeValues: {
            ':holder': { S: holder },
            ':until': ms(now + ttlMs),
            ':now': ms(now),
            ':one': { N: '1' },
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return granted(Attributes?.['fence']?.N);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { holder: there, fence } = error.Item ?? {};
      // The client repeats a call whose answer was lost: then the one who has it is us.
      if (there?.S === holder) return granted(fence?.N);
      return { ok: false, holder: there?.S ?? 'another function' };
    }
  }

  /**
   * There is no transaction around a change that happens elsewhere. The change waits for nothing, so it runs right after a renewal, and
   * only when that renewal is not over by its return: what is left is a machine that stands still for the rest of the lease's time
   * between that look and the change's last line.
   */
  async function whileHeld(lease: Lease, change: () => void): Promise<boolean> {
    const holding = holdings.get(lease);
    if (holding === undefined) return false;
    const until = clock.now() + holding.ttlMs;
    if (!(await setEnd(holding, until)) || clock.now() >= until) return false;
    change();
    return true;
  }

  /** Removes one that nobody holds; one that is taken meanwhile stays. */
  async function dropOne(name: string): Promise<void> {
    const remove = new DeleteItemCommand({
      TableName,
      Key: keyOf(LEASE, name),
      ConditionExpression: '#until <= :now',
      ExpressionAttributeNames: named,
      ExpressionAttributeValues: { ':now': ms(clock.now()) },
    });
    await succeeded(client.send(remove));
  }

  async function drop(words: readonly string[]): Promise<void> {
    const query = {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: LEASE } },
    };
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      const names = Items.flatMap(({ id }) => id?.S ?? []);
      for (const name of names) if (words.some((word) => name.includes(word))) await dropOne(name);
    }
  }

  return {
    acquire: (name: string, ttlMs: number) => told('Taking a lease', () => take(name, ttlMs)),
    whileHeld,
    drop: (words: readonly string[]) => told('Dropping leases', () => drop(words)),
  };
}

/** False when the condition did not hold; any other refusal is thrown on. */
async function succeeded(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
