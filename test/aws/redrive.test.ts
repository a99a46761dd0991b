import { CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineStack } from '../../local/stack/doctor/aws.ts';
import { emptyQueues } from '../../local/stack/redrive.ts';
import type { StackOutputs } from '../../local/stack/outputs.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createSqsQueue } from '../../ports/queue/sqs.ts';
import { type Landing, openLanding } from '../support/landing.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';

// What it cannot prove: how long AWS needs until a letter can be read, and how a run of a workflow ends, which moto never does.

const told = { schema: 1, connection_id: 'c_1', provider: 'oura', account: 'a_1', user_id: 'u_1', change: 'connected' };
const event = { source: 'wellspring', 'detail-type': 'Connection Changed', detail: told };

describe.skipIf(!hasMoto)('the queues of a stack', () => {
  let moto: Moto;
  let landing: Landing;
  let outputs: StackOutputs;
  let send: (url: string, body: unknown) => Promise<unknown>;

  beforeAll(async () => {
    moto = await startMoto();
    const settings = clientSettings(moto.connection);
    const [sqs, sns, glue] = [new SQSClient(settings), new SNSClient(settings), new GlueClient(settings)];
    landing = await openLanding(moto, 'dead', { ingest: 'a-made-up-ingest-secret', clients: {} });
    const queueOf = async (QueueName: string): Promise<string> =>
      (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
    send = (QueueUrl, body) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'dead-alerts' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'owner@example.org' }));
    await glue.send(new CreateWorkflowCommand({ Name: 'dead-transform' }));
    outputs = {
      url: 'https://health.example.org',
      rawBucket: 'dead-raw',
      lakeBucket: 'dead-lake',
      athenaWorkgroup: 'dead',
      athenaDatabase: 'dead',
      glueWorkflow: 'dead-transform',
      busName: 'dead',
      summaryTopicArn: TopicArn,
      ownerTokenSecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:owner',
      alertsTopicArn: TopicArn,
      deadLetterQueues: {
        undelivered: await queueOf('dead-undelivered'),
        failed: await queueOf('dead-failed'),
        missed: await queueOf('dead-missed'),
        fetches: await queueOf('dead-work-failed'),
      },
    };
  }, 120_000);
  afterAll(() => moto.stop());

  const look = async (connection = moto.connection, changes: Partial<StackOutputs> = {}) => {
    const checks = await examineStack({ outputs: { ...outputs, ...changes }, connection });
    return Object.fromEntries(checks.map((one) => [one.id, one]));
  };

  test('doctor counts what lies in each, and redrive empties them onto the bus; again nothing is left to do', async () => {
    const queues = outputs.deadLetterQueues;
    if (queues === undefined) throw new Error('no queues');
    await send(queues.fetches, event);
    for (let n = 0; n < 12; n += 1) await send(queues.undelivered, event);
    await send(queues.missed, {});
    await send(queues.failed, { requestContext: {}, requestPayload: { Records: [] } });
    const found = await look();
    expect(found['dead_letters.undelivered']).toMatchObject({ state: 'warn', detail: expect.stringContaining('12 ') });
    expect(found['dead_letters.fetches']).toMatchObject({ state: 'warn', remedy: expect.stringContaining('redrive') });

    expect(await emptyQueues(outputs, moto.connection)).toEqual({
      undelivered: { again: 12, passed: 0, left: 0 },
      failed: { again: 0, passed: 0, left: 1 },
      missed: { again: 0, passed: 1, left: 0 },
      fetches: { again: 1, passed: 0, left: 0 },
    });
    const heard = await landing.hear(13);
    expect(heard).toHaveLength(13);
    expect(heard[0]).toMatchObject(event);

    const after = await look();
    for (const of of ['undelivered', 'missed', 'fetches'])
      expect(after[`dead_letters.${of}`]).toMatchObject({ state: 'ok' });
    expect(await createSqsQueue({ url: queues.failed, connection: moto.connection }).depth()).toBe(1);
    const again = await emptyQueues(outputs, moto.connection);
    expect(again['undelivered']).toEqual({ again: 0, passed: 0, left: 0 });
  });

  test('doctor says that the workflow never ran, and who reads alarms', async () => {
    const found = await look();
    expect(found['workflow']).toMatchObject({ state: 'warn', detail: expect.stringContaining('never ran') });
    expect(found['alerts']?.detail).toMatch(/^Alarms are mailed to \d addresses; \d wait to be confirmed\.$/);
  });

  test('what an older stack does not name is a warning, and so is what cannot be asked', async () => {
    const older = await look(moto.connection, { deadLetterQueues: undefined, alertsTopicArn: undefined });
    expect(older['dead_letters']).toMatchObject({ state: 'warn', remedy: 'Run pulumi up.' });
    expect(older['alerts']).toMatchObject({ state: 'warn', remedy: 'Run pulumi up.' });
    const nobody = await look({ ...moto.connection, endpoint: 'http://127.0.0.1:9' });
    expect(Object.values(nobody).map(({ state }) => state)).toEqual(['warn', 'warn', 'warn']);
  });
});
