import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateJobCommand, CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type AwsConnection, clientSettings } from '../../../ports/aws.ts';
import { s3Client } from '../aws-made.ts';
import type { Recording } from '../stack.ts';

const text = z.string();
const rule = z.object({ name: text, eventBusName: text, eventPattern: text });
const target = z.object({ rule: text, eventBusName: text, arn: text });
const queue = z.object({ name: text, redrivePolicy: text.optional() });
const table = z.object({ name: text, hashKey: text, rangeKey: text });
const nameOf = z.object({ name: text });

/** `arn:aws:sqs:us-east-1:123456789012:wellspring-prod-work`: the last part of an ARN. */
const lastPart = (arn: string): string => arn.split(':').at(-1) ?? '';

/**
 * Makes the parts of a recorded stack that its functions speak with, under their recorded names. A function cannot be called by moto: what a
 * rule tells one comes to a queue of that function's name. `secrets`: texts by the last word of the secret's name. Answers the ARN each secret
 * was recorded with and the one it got, which ends with letters nobody knows before.
 */
export async function makeStack(
  stack: Recording,
  connection: AwsConnection,
  secrets: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const settings = clientSettings(connection);
  const each = (type: string) =>
    stack.resources.filter((one) => one.custom && one.type.endsWith(`:${type}`)).map(({ props }) => props);
  const [s3, sqs, bridge] = [s3Client(connection), new SQSClient(settings), new EventBridgeClient(settings)];
  for (const { bucket } of each('Bucket').map((one) => z.object({ bucket: text }).parse(one))) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  }
  for (const one of each('Table').map((props) => table.parse(props))) {
    const [hash, range] = [one.hashKey, one.rangeKey];
    await new DynamoDBClient(settings).send(
      new CreateTableCommand({
        TableName: one.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [hash, range].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
      }),
    );
  }
  const arns = new Map<string, string>();
  for (const { name, arn } of each('Secret').map((props) => nameOf.extend({ arn: text }).parse(props))) {
    const SecretString = secrets[name.split('/').at(-1) ?? ''];
    if (SecretString === undefined) throw new Error(`Nobody says what ${name} holds.`);
    const { ARN = '' } = await new SecretsManagerClient(settings).send(
      new CreateSecretCommand({ Name: name, SecretString }),
    );
    arns.set(arn, ARN);
  }
  const named = (type: string) => each(type).flatMap((props) => nameOf.safeParse(props).data?.name ?? []);
  // The one that takes another's dead letters first.
  const queues = each('Queue').map((props) => queue.parse(props));
  for (const { name: QueueName, redrivePolicy: RedrivePolicy } of queues.toSorted((a) => (a.redrivePolicy ? 1 : -1))) {
    await sqs.send(
      new CreateQueueCommand({ QueueName, Attributes: RedrivePolicy === undefined ? {} : { RedrivePolicy } }),
    );
  }
  for (const Name of named('Topic')) await new SNSClient(settings).send(new CreateTopicCommand({ Name }));
  const glue = new GlueClient(settings);
  for (const Name of named('Workflow')) await glue.send(new CreateWorkflowCommand({ Name }));
  for (const Name of named('Job'))
    await glue.send(new CreateJobCommand({ Name, Role: 'made-up', Command: { Name: 'glueetl' } }));
  for (const Name of named('Workgroup')) await new AthenaClient(settings).send(new CreateWorkGroupCommand({ Name }));

  for (const Name of named('EventBus')) await bridge.send(new CreateEventBusCommand({ Name }));
  for (const { name: Name, eventBusName: EventBusName, eventPattern: EventPattern } of each('EventRule').flatMap(
    (props) => rule.safeParse(props).data ?? [],
  )) {
    await bridge.send(new PutRuleCommand({ Name, EventBusName, EventPattern }));
  }
  for (const one of each('EventTarget').flatMap((props) => target.safeParse(props).data ?? [])) {
    const isFunction = one.arn.includes(':function:');
    if (isFunction) await sqs.send(new CreateQueueCommand({ QueueName: lastPart(one.arn) }));
    const Arn = isFunction ? one.arn.replace(/:lambda:(.*):function:/, ':sqs:$1:') : one.arn;
    const Targets = [{ Id: 'one', Arn }];
    if (Arn.includes(':sqs:'))
      await bridge.send(new PutTargetsCommand({ Rule: one.rule, EventBusName: one.eventBusName, Targets }));
  }
  return arns;
}
