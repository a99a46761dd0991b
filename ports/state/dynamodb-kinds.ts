import { type DynamoDBClient, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf } from './dynamodb-items.ts';

const ALL = '#kind';
const EXPIRING = '#expiring';

/**
 * The kinds of records there are, noted in the table before the first record of a kind. Whoever wants every record asks kind by kind:
 * a scan would also read, and pay for, the readings of everybody, which lie in the same table.
 */
export function createKinds({ client, table: TableName }: { readonly client: DynamoDBClient; readonly table: string }) {
  const noted = new Set<string>();

  async function noteIn(partition: string, kind: string): Promise<void> {
    const note = `${partition} ${kind}`;
    if (noted.has(note)) return;
    await client.send(new PutItemCommand({ TableName, Item: keyOf(partition, kind) }));
    noted.add(note);
  }

  async function listIn(partition: string): Promise<readonly string[]> {
    const query = {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: partition } },
    };
    const kinds: string[] = [];
    for await (const { Items = [] } of paginateQuery({ client }, query))
      kinds.push(...Items.map(({ id }) => id?.S ?? ''));
    return kinds;
  }

  return {
    async note(kind: string, expires: boolean): Promise<void> {
      await noteIn(ALL, kind);
      if (expires) await noteIn(EXPIRING, kind);
    },
    /** In ascending order. */
    all: () => listIn(ALL),
    /** Those of which a record with an end was ever written. */
    expiring: () => listIn(EXPIRING),
  };
}
