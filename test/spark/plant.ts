import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { clientSettings } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import { createS3Place } from '../../ports/engine/small/s3.ts';
import { createGlueIceberg } from '../../ports/iceberg/glue.ts';
import { createGluePointers } from '../../ports/iceberg/glue-pointers.ts';
import { readMetadata } from '../../ports/iceberg/metadata.ts';
import { createS3Storage } from '../../ports/iceberg/s3.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { s3Client } from '../support/aws-made.ts';
import { startMoto } from '../support/moto.ts';
import { startSpark } from '../support/spark.ts';

const [RAW, LAKE, DATABASE, BUS, QUEUE] = ['made-up-raw', 'made-up-lake', 'health', 'made-up-bus', 'events'];

const TABLES = { bucket: LAKE, database: DATABASE, clock: createSystemClock(), ids: createRandomIds() };

const published = z.object({
  source: z.string(),
  'detail-type': z.literal('Batch Published'),
  detail: z.object({ schema: z.literal(1), batch_id: z.string(), users: z.array(z.string()), days: z.number() }),
});

/** The buckets, the catalog and the bus as moto plays them, and a Spark that runs the jobs against them. */
export async function openSparkPlant() {
  const moto = await startMoto();
  const settings = clientSettings(moto.connection);
  const s3 = s3Client(moto.connection);
  for (const Bucket of [RAW, LAKE]) await s3.send(new CreateBucketCommand({ Bucket }));
  await new GlueClient(settings).send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
  const [bus, sqs] = [new EventBridgeClient(settings), new SQSClient(settings)];
  await bus.send(new CreateEventBusCommand({ Name: BUS }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  await bus.send(
    new PutRuleCommand({ Name: 'all', EventBusName: BUS, EventPattern: JSON.stringify({ source: ['wellspring'] }) }),
  );
  const Arn = `arn:aws:sqs:us-east-1:123456789012:${QUEUE}`;
  await bus.send(new PutTargetsCommand({ Rule: 'all', EventBusName: BUS, Targets: [{ Id: 'queue', Arn }] }));
  const [pointers, storage] = [
    createGluePointers({ database: DATABASE, connection: moto.connection }),
    createS3Storage(moto.connection),
  ];
  const start = () => startSpark({ url: moto.url, rawBucket: RAW, lakeBucket: LAKE, database: DATABASE, bus: BUS });
  let spark = start();

  const keys = async (Prefix: string): Promise<readonly string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: LAKE, Prefix }));
    return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
  };
  return {
    moto,
    get spark() {
      return spark;
    },
    /** Where its tables are found by whoever has no Spark. */
    iceberg: {
      catalog: createGlueIceberg({ ...TABLES, connection: moto.connection }),
      place: createS3Place({ bucket: LAKE, connection: moto.connection }),
    },
    /** Kills the Spark, whatever it does, and starts another. */
    async killSpark(): Promise<void> {
      await spark.kill();
      spark = start();
    },
    async store(objects: readonly RawInput[]): Promise<void> {
      for (const { key, document } of objects) {
        await s3.send(new PutObjectCommand({ Bucket: RAW, Key: key, Body: document }));
      }
    },
    remove: async (Key: string) => void (await s3.send(new DeleteObjectCommand({ Bucket: RAW, Key }))),
    /** Keys of the lake's bucket below a prefix. */
    keys,
    async text(Key: string): Promise<string> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: LAKE, Key }));
      return (await Body?.transformToString()) ?? '';
    },
    /** The details of the events since it was asked last. */
    async events() {
      const found = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return found;
        for (const { ReceiptHandle } of Messages) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
        found.push(...Messages.map(({ Body }) => published.parse(JSON.parse(Body ?? '')).detail));
      }
    },
    /** How many snapshots each table has, by its metadata. */
    async snapshots(): Promise<Readonly<Record<string, number>>> {
      const counts: Record<string, number> = {};
      for (const name of await pointers.names()) {
        const metadata = await storage.read((await pointers.find(name)) ?? '');
        counts[name] = readMetadata(Buffer.from(metadata).toString()).snapshots.length;
      }
      return counts;
    },
    async stop(): Promise<void> {
      await spark.stop();
      await moto.stop();
    },
  };
}

export type SparkPlant = Awaited<ReturnType<typeof openSparkPlant>>;
