import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '../../ports/aws.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import type { Objects } from '../../ports/objects/objects.ts';
import type { Moto } from '../../test/support/moto.ts';

/** What the function that computes works on, as a stack makes it. */
export interface Cloud {
  readonly raw: Objects;
  /** The variables of the function; who counts its requests puts another address of AWS beside them. */
  readonly variables: Readonly<Record<string, string>>;
}

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;

/** Buckets, catalog, state and bus of a made-up stack. */
export async function makeCloud({ connection }: Moto): Promise<Cloud> {
  const settings = clientSettings(connection);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  for (const Bucket of ['raw', 'lake']) await s3.send(new CreateBucketCommand({ Bucket }));
  await new GlueClient(settings).send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'marts' } }));
  await new EventBridgeClient(settings).send(new CreateEventBusCommand({ Name: 'bus' }));
  await new DynamoDBClient(settings).send(
    new CreateTableCommand({
      TableName: 'state',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [text('kind'), text('id')],
      KeySchema: [
        { AttributeName: 'kind', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
    }),
  );
  return {
    raw: createS3Objects({ bucket: 'raw', connection }),
    variables: {
      RAW_BUCKET: 'raw',
      LAKE_BUCKET: 'lake',
      DATABASE: 'marts',
      BUS: 'bus',
      STATE_TABLE: 'state',
      SAMPLES: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
    },
  };
}
