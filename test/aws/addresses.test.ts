import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSnsNotifier } from '../../ports/notifier/sns.ts';
import { createSnsAddresses } from '../../ports/notifier/sns-subscriptions.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { MESSAGE } from '../contract/notifier.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { type Moto, startMoto } from '../support/moto.ts';

let moto: Moto;
let n = 0;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto.stop());

function openState() {
  const clock = createFixedClock(0);
  const state = createLibsqlState({ file: join(temporaryDirectory(), 'state.db'), clock });
  onTestFinished(() => state.close());
  return { clock, state };
}

/** Addresses on a topic of their own, and who each subscription is for. */
async function open() {
  const client = new SNSClient({ endpoint: moto.url, region: 'us-east-1' });
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: `topic-${(n += 1)}` }));
  const { clock, state } = openState();
  const addresses = createSnsAddresses({ topicArn: TopicArn, state, clock, connection: moto.connection });
  const readers = async () => {
    const { Subscriptions = [] } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const all = Subscriptions.map(async ({ SubscriptionArn, Endpoint = '', Protocol }) => {
      const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      const filter: unknown = JSON.parse(Attributes['FilterPolicy'] ?? '');
      return [`${Protocol}:${Endpoint}`, z.object({ user_id: z.array(z.string()) }).parse(filter).user_id] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  };
  return { client, TopicArn, addresses, readers, state, clock };
}

test('an address gets the messages of whoever gave it, until it is replaced or taken back', async () => {
  const { addresses, readers } = await open();
  await addresses.set('u_anna', 'anna@example.org');
  await addresses.set('u_ben', 'ben@example.org');
  expect(await readers()).toEqual({ 'email:anna@example.org': ['u_anna'], 'email:ben@example.org': ['u_ben'] });
  await addresses.set('u_anna', 'anna@example.net');
  await addresses.set('u_anna', 'anna@example.net');
  expect(await readers()).toEqual({ 'email:anna@example.net': ['u_anna'], 'email:ben@example.org': ['u_ben'] });
  // What moto plays needs no confirmation.
  expect(await addresses.list()).toEqual(['u_anna', 'u_ben'].map((userId) => ({ userId, state: 'confirmed' })));
  await addresses.set('u_anna', null);
  expect(await readers()).toEqual({ 'email:ben@example.org': ['u_ben'] });
  expect(await addresses.list()).toEqual([{ userId: 'u_ben', state: 'confirmed' }]);
});

test('people who share an address share its subscription, and one who leaves takes the other nothing away', async () => {
  const { addresses, readers } = await open();
  await addresses.set('u_anna', 'home@example.org');
  await addresses.set('u_ben', 'home@example.org');
  expect(await readers()).toEqual({ 'email:home@example.org': ['u_anna', 'u_ben'] });
  await addresses.set('u_anna', null);
  expect(await readers()).toEqual({ 'email:home@example.org': ['u_ben'] });
  await addresses.set('u_anna', 'home@example.org');
  expect(await readers()).toEqual({ 'email:home@example.org': ['u_anna', 'u_ben'] });
});

test('a message reaches the subscription of its person and no other', async () => {
  const { client, TopicArn, addresses, readers, state, clock } = await open();
  await addresses.set('u_anna', 'anna@example.org');
  const FilterPolicy = JSON.stringify({ user_id: (await readers())['email:anna@example.org'] });
  const sqs = new SQSClient({ endpoint: moto.url, region: 'us-east-1' });
  // Mail cannot be read here: a queue with the same filter stands for it.
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${n}` }));
  const Endpoint = `arn:aws:sqs:us-east-1:123456789012:queue-${n}`;
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { FilterPolicy } }));
  const notifier = createSnsNotifier({ topicArn: TopicArn, state, clock, connection: moto.connection });
  await notifier.deliver({ ...MESSAGE, userId: 'u_ben', subject: 'For Ben' });
  await notifier.deliver({ ...MESSAGE, userId: 'u_anna', subject: 'For Anna' });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const subjects = Messages.map(({ Body = '' }) => z.object({ Subject: z.string() }).parse(JSON.parse(Body)).Subject);
  expect(subjects).toEqual(['For Anna']);
});

/** SNS where nothing can be ended before it is confirmed, as the real one; every call with its filter, if any. */
async function pendingSns() {
  const calls: string[] = [];
  let isConfirmed = false;
  const attributes = () => `<entry><key>PendingConfirmation</key><value>${String(!isConfirmed)}</value></entry>`;
  const app = new Hono().post('/', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const action = form.get('Action') ?? '';
    const filter = form.get('AttributeValue') ?? form.get('Attributes.entry.1.value');
    calls.push(filter === null ? action : `${action} ${filter}`);
    c.header('content-type', 'text/xml');
    if (action === 'Unsubscribe' && !isConfirmed) {
      const error = '<Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>pending</Message></Error>';
      return c.body(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`, 400);
    }
    const arn = `<SubscriptionArn>arn:aws:sns:us-east-1:1:topic:${form.get('Endpoint') ?? ''}</SubscriptionArn>`;
    const inner =
      { Subscribe: arn, GetSubscriptionAttributes: `<Attributes>${attributes()}</Attributes>` }[action] ?? '';
    return c.body(`<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`);
  });
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port));
    onTestFinished(() => void server.close());
  });
  const connection = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', attempts: 1 };
  const { clock, state } = openState();
  const addresses = createSnsAddresses({ topicArn: 'arn:aws:sns:us-east-1:1:topic', state, clock, connection });
  return { addresses, calls, confirm: () => void (isConfirmed = true) };
}

test('a mistyped address that nobody has confirmed gets nothing when a stranger confirms it later, and is ended then', async () => {
  const { addresses, calls, confirm } = await pendingSns();
  await addresses.set('u_anna', 'ana@example.org');
  expect(await addresses.list()).toEqual([{ userId: 'u_anna', state: 'pending' }]);
  calls.length = 0;
  await addresses.set('u_anna', 'anna@example.org');
  expect(calls).toEqual([
    'Subscribe {"user_id":["u_anna"]}',
    'SetSubscriptionAttributes {"user_id":["nobody"]}',
    'Unsubscribe',
  ]);
  expect(await addresses.settle()).toBe(1);
  confirm();
  expect(await addresses.settle()).toBe(0);
  calls.length = 0;
  expect(await addresses.settle()).toBe(0);
  expect(calls).toEqual([]);
});
