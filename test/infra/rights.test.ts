import { createServer } from 'node:http';
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AthenaClient, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GlueClient, StartJobRunCommand, StartWorkflowRunCommand } from '@aws-sdk/client-glue';
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import type { Stack } from '../../infra/rules/rule.ts';
import { judgeAsked } from '../support/rights/judge-asked.ts';
import { startRecorder } from '../support/rights/recorder.ts';

// What SDK clients really send, through the recorder to somebody who answers everything alike. It does not show that moto or AWS take it.

/** An address that answers every request with this. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer(
    (_, answer) => void answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** What is judged of the calls made through a recorder. */
async function asked(make: (settings: Settings) => readonly (() => Promise<unknown>)[], status = 200, body = '{}') {
  const recorder = await startRecorder(await answering(status, body));
  onTestFinished(() => recorder.stop());
  const settings = {
    endpoint: recorder.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'made-up', secretAccessKey: 'made-up' },
  };
  for (const call of make(settings)) await call().catch(() => undefined);
  return recorder.asked;
}
type Settings = {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

const calls = async (...of: Parameters<typeof asked>) =>
  (await asked(...of)).flatMap((one) =>
    one.calls.map(({ action, resource, context = {} }) => [action, resource, ...Object.values(context)].join(' ')),
  );

const at = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;

test('objects are judged by their key, lists by their prefix, deletions each on its own', async () => {
  const Bucket = 'raw-0a1b2c3';
  const seen = await calls((settings) => {
    const s3 = new S3Client(settings);
    return [
      () => s3.send(new PutObjectCommand({ Bucket, Key: 'raw/a b/ü.json', Body: '{}', IfNoneMatch: '*' })),
      () => s3.send(new GetObjectCommand({ Bucket, Key: 'raw/a' })),
      () => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'denied/' })),
      () => s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'raw/' })),
      () => s3.send(new CopyObjectCommand({ Bucket, Key: 'uploads/a', CopySource: `${Bucket}/inbox/a%20b` })),
      () =>
        s3.send(
          new DeleteObjectsCommand({
            Bucket,
            Delete: { Objects: [{ Key: 'raw/a&b' }, { Key: 'raw/c', VersionId: 'v1' }] },
          }),
        ),
    ];
  });
  expect(seen).toEqual([
    `s3:PutObject arn:aws:s3:::${Bucket}/raw/a b/ü.json`,
    `s3:GetObject arn:aws:s3:::${Bucket}/raw/a`,
    `s3:ListBucket arn:aws:s3:::${Bucket} denied/`,
    `s3:ListBucketVersions arn:aws:s3:::${Bucket} raw/`,
    `s3:GetObject arn:aws:s3:::${Bucket}/inbox/a b`,
    `s3:PutObject arn:aws:s3:::${Bucket}/uploads/a`,
    `s3:DeleteObject arn:aws:s3:::${Bucket}/raw/a&b`,
    `s3:DeleteObjectVersion arn:aws:s3:::${Bucket}/raw/c`,
  ]);
});

test('every other service is judged by what the request names', async () => {
  const arn = at('secretsmanager', 'secret:wellspring-dev/ingest-AbCdEf');
  const put = { Put: { TableName: 'state', Item: {} } };
  const check = { ConditionCheck: { TableName: 'state', Key: {}, ConditionExpression: 'attribute_exists(id)' } };
  const seen = await calls((settings) => [
    () => new DynamoDBClient(settings).send(new TransactWriteItemsCommand({ TransactItems: [put, check] })),
    () => new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: arn })),
    () => new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: 'wellspring-dev/kept/a' })),
    () => new SecretsManagerClient(settings).send(new ListSecretsCommand({})),
    () =>
      new EventBridgeClient(settings).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: 'bus', Source: 'wellspring', DetailType: 'Batch Published', Detail: '{}' }],
        }),
      ),
    () => new GlueClient(settings).send(new StartWorkflowRunCommand({ Name: 'flow' })),
    () => new GlueClient(settings).send(new StartJobRunCommand({ JobName: 'erase' })),
    () => new SNSClient(settings).send(new PublishCommand({ TopicArn: at('sns', 'summary'), Message: 'm' })),
    () =>
      new SQSClient(settings).send(
        new SendMessageBatchCommand({
          QueueUrl: `${settings.endpoint}/123456789012/work`,
          Entries: [{ Id: '1', MessageBody: 'm' }],
        }),
      ),
  ]);
  expect(seen).toEqual([
    `dynamodb:PutItem ${at('dynamodb', 'table/state')}`,
    `dynamodb:ConditionCheckItem ${at('dynamodb', 'table/state')}`,
    `secretsmanager:GetSecretValue ${arn}`,
    `secretsmanager:GetSecretValue ${at('secretsmanager', 'secret:wellspring-dev/kept/a-AbCdEf')}`,
    'secretsmanager:ListSecrets *',
    `events:PutEvents ${at('events', 'event-bus/bus')} wellspring Batch Published`,
    `glue:StartWorkflowRun ${at('glue', 'workflow/flow')}`,
    `glue:StartJobRun ${at('glue', 'job/erase')}`,
    `sns:Publish ${at('sns', 'summary')}`,
    `sqs:SendMessage ${at('sqs', 'work')}`,
  ]);
});

test('answers of Athena are judged by the workgroup their question was asked in', async () => {
  const start = new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: 'queries' });
  const seen = await calls(
    (settings) => [
      () => new AthenaClient(settings).send(start),
      () => new AthenaClient(settings).send(new GetQueryResultsCommand({ QueryExecutionId: 'q1' })),
    ],
    200,
    '{"QueryExecutionId":"q1"}',
  );
  expect(seen.map((one) => one.split(' ')[1])).toEqual([
    at('athena', 'workgroup/queries'),
    at('athena', 'workgroup/queries'),
  ]);
});

const head = (Key: string) => (settings: Settings) => [
  () => new S3Client(settings).send(new HeadObjectCommand({ Bucket: 'raw', Key })),
];

test('what is asked for and not allowed, what AWS would hide, and what nobody asks for are each named', async () => {
  const requests = [...(await asked(head('raw/a'), 404)), ...(await asked(head('uploads/a')))];
  const { refused, hidden, unused } = judgeAsked(stackWith(['s3:GetObject', 's3:PutObject']), { receive: requests });
  expect(refused).toEqual(['receive: s3:GetObject on arn:aws:s3:::raw/uploads/a']);
  expect(hidden).toEqual(['receive: s3:HeadObject of arn:aws:s3:::raw/raw/a']);
  expect(unused).toEqual(['receive: Raw s3:PutObject']);
  expect(() => judgeAsked(stackWith([]), { nobody: [] })).toThrow(/no role of nobody/);
});

/** A stack of one role, which may do this below `raw/`. */
function stackWith(Action: readonly string[]): Stack {
  const name = 'wellspring-dev-receive';
  const opts = { protect: false, retainOnDelete: false, ignoreChanges: [] };
  const made = { name: 'receive', parent: '', custom: true, opts };
  const Statement = [{ Sid: 'Raw', Effect: 'Allow', Action, Resource: ['arn:aws:s3:::raw/raw/*'] }];
  return {
    project: 'wellspring',
    stack: 'dev',
    resources: [
      {
        ...made,
        type: 'aws:iam/role:Role',
        urn: 'role',
        props: { name, arn: `arn:aws:iam::123456789012:role/${name}` },
      },
      {
        ...made,
        type: 'aws:iam/rolePolicy:RolePolicy',
        urn: 'policy',
        props: { role: name, policy: { Version: '2012-10-17', Statement } },
      },
    ],
  };
}
