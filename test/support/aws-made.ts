import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, DeleteEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, DeleteBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { onTestFinished } from 'vitest';
import { type AwsConnection, clientSettings } from '../../ports/aws.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import type { State } from '../../ports/state/state.ts';
import { createSecretsManagerVault } from '../../ports/vault/secrets-manager.ts';
import { isLive } from './aws.ts';

/** A name nothing else has, also beside other runs in one account. */
export const nameOf = (what: string): string => `wellspring-test-${what}-${randomBytes(6).toString('hex')}`;

/** Removed when the test has ended; on moto that is not worth the time. */
function afterwards(remove: () => Promise<unknown>): void {
  if (isLive) onTestFinished(async () => void (await remove()));
}

/** A client of S3 as the drivers make theirs. */
export function s3Client(connection: AwsConnection): S3Client {
  return new S3Client({ ...clientSettings(connection), forcePathStyle: connection.endpoint !== undefined });
}

/** A bucket for the running test, versioned unless told otherwise. */
export async function makeBucket(connection: AwsConnection, { versioned = true } = {}): Promise<string> {
  const [client, Bucket] = [s3Client(connection), nameOf('bucket')];
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versioned) {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  afterwards(async () => {
    const objects = createS3Objects({ bucket: Bucket, connection });
    for await (const { key } of objects.list('')) await objects.delete(key);
    await client.send(new DeleteBucketCommand({ Bucket }));
  });
  return Bucket;
}

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;

/** A table as the stack makes it. */
export async function makeTable(connection: AwsConnection): Promise<string> {
  const [client, TableName] = [new DynamoDBClient(clientSettings(connection)), nameOf('table')];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [attribute('kind'), attribute('id')],
      KeySchema: [
        { AttributeName: 'kind', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
    }),
  );
  afterwards(() => client.send(new DeleteTableCommand({ TableName })));
  if (isLive) await waitUntilTableExists({ client, maxWaitTime: 120 }, { TableName });
  return TableName;
}

export async function makeBus(connection: AwsConnection): Promise<string> {
  const [client, Name] = [new EventBridgeClient(clientSettings(connection)), nameOf('bus')];
  await client.send(new CreateEventBusCommand({ Name }));
  afterwards(() => client.send(new DeleteEventBusCommand({ Name })));
  return Name;
}

/** Answers the ARN. */
export async function makeTopic(connection: AwsConnection): Promise<string> {
  const client = new SNSClient(clientSettings(connection));
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: nameOf('topic') }));
  afterwards(() => client.send(new DeleteTopicCommand({ TopicArn })));
  return TopicArn;
}

/** Removes the secrets a vault of the running test still has. */
export function removeSecrets(connection: AwsConnection, prefix: string, state: State): void {
  afterwards(async () => {
    const vault = createSecretsManagerVault({ prefix, state, ids: createRandomIds(), connection });
    for (const id of await vault.ids('')) await vault.delete(id);
  });
}
