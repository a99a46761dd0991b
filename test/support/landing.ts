import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Moto } from './moto.ts';

const event = z.object({ 'detail-type': z.string(), source: z.string(), detail: z.record(z.string(), z.unknown()) });
export type Heard = z.output<typeof event>;

/** What deliveries land in: a bucket, a bus whose events a queue hears, and the secrets of the doors. */
export interface Landing {
  /** The variables `receive` is given. */
  readonly environment: Readonly<Record<string, string>>;
  keys(prefix: string): Promise<readonly string[]>;
  read(key: string): Promise<string>;
  /** The next `count` events of the bus, in the order heard; fewer when no more come. */
  hear(count: number): Promise<readonly Heard[]>;
}

export async function openLanding(
  moto: Moto,
  name: string,
  secrets: { readonly ingest: string; readonly clients: Readonly<Record<string, string>> },
): Promise<Landing> {
  const settings = { endpoint: moto.url, region: 'us-east-1' };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const sqs = new SQSClient(settings);
  const bridge = new EventBridgeClient(settings);
  const vault = new SecretsManagerClient(settings);
  const keep = async (Name: string, SecretString: string): Promise<string> =>
    (await vault.send(new CreateSecretCommand({ Name: `${name}/${Name}`, SecretString }))).ARN ?? '';

  const Bucket = `${name}-raw`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await bridge.send(new CreateEventBusCommand({ Name: name }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-heard` }));
  const pattern = { Name: 'all', EventBusName: name, EventPattern: JSON.stringify({ source: ['wellspring'] }) };
  await bridge.send(new PutRuleCommand(pattern));
  const Arn = `arn:aws:sqs:us-east-1:123456789012:${name}-heard`;
  await bridge.send(new PutTargetsCommand({ Rule: 'all', EventBusName: name, Targets: [{ Id: 'queue', Arn }] }));

  return {
    environment: {
      RAW_BUCKET: Bucket,
      BUS: name,
      INGEST_SECRET: await keep('ingest', `${secrets.ingest}\n`),
      CLIENT_SECRETS: await keep('clients', JSON.stringify(secrets.clients)),
      CLIENT_IDS: JSON.stringify(Object.fromEntries(Object.keys(secrets.clients).map((id) => [id, `${id}-app`]))),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_ENDPOINT_URL: moto.url,
      AWS_LAMBDA_FUNCTION_NAME: `${name}-receive`,
    },
    async keys(Prefix) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    },
    async read(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    },
    async hear(count) {
      const heard: Heard[] = [];
      for (let look = 0; look < 10 && heard.length < count; look += 1) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        heard.push(...Messages.map(({ Body = '' }) => event.parse(JSON.parse(Body))));
        if (heard.length < count) await delay(100);
      }
      return heard;
    },
  };
}
