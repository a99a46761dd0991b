// moto hands messages to queues by their filter policies as SNS does and confirms every subscription by itself; it sends no mail and never
// refuses for want of a right. With LIVE=1 the topic is AWS's own, and has no subscriber.
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { clientSettings } from '../../ports/aws.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createSnsNotifier } from '../../ports/notifier/sns.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { isLive, onAws } from '../support/aws.ts';
import { makeTable, makeTopic, nameOf } from '../support/aws-made.ts';
import { openForwarder } from '../support/forwarder.ts';
import { MESSAGE, notifierContract } from './notifier.ts';

const BEN = { ...MESSAGE, userId: 'u_mnopqrstuvwx', text: 'Somebody else.' };
const delivered = z.object({ Subject: z.string(), Message: z.string() });

onAws((aws) => {
  async function open() {
    const { connection } = aws;
    const [table, topicArn] = [await makeTable(connection), await makeTopic(connection)];
    const state = createDynamoState({ table, clock: createFixedClock(0), ids: createRandomIds(), connection });
    const over = (arn: string, at = connection) =>
      createSnsNotifier({ topicArn: arn, state, clock: createFixedClock(0), connection: at });
    return { topicArn, state, over, notifier: over(topicArn) };
  }

  /** What one person's subscription brings. */
  async function subscribe(TopicArn: string, userId: string) {
    const [sns, sqs] = [new SNSClient(clientSettings(aws.connection)), new SQSClient(clientSettings(aws.connection))];
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: nameOf('queue') }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const FilterPolicy = JSON.stringify({ user_id: [userId] });
    const Endpoint = Attributes?.['QueueArn'];
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { FilterPolicy } }));
    return async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = '' }) => delivered.parse(JSON.parse(Body)));
    };
  }

  notifierContract(
    'sns',
    async () => (await open()).notifier,
    () => {
      test.skipIf(isLive)('each message reaches the subscriptions of its person, and nobody else’s', async () => {
        const { topicArn, notifier } = await open();
        const [hers, his] = [await subscribe(topicArn, MESSAGE.userId), await subscribe(topicArn, BEN.userId)];
        await notifier.deliver(MESSAGE);
        await notifier.deliver(BEN);
        // A message that names nobody, as another program might send, reaches nobody.
        await new SNSClient(clientSettings(aws.connection)).send(
          new PublishCommand({ TopicArn: topicArn, Message: 'all' }),
        );
        expect(await hers()).toEqual([{ Subject: MESSAGE.subject, Message: MESSAGE.text }]);
        expect(await his()).toEqual([{ Subject: BEN.subject, Message: BEN.text }]);
      });

      test.skipIf(isLive)('a message whose answer was lost is not sent again', async () => {
        const { topicArn, over } = await open();
        const hers = await subscribe(topicArn, MESSAGE.userId);
        const forwarder = await openForwarder(aws.connection);
        const losing = over(topicArn, { ...aws.connection, endpoint: forwarder.url, attempts: 3 });
        forwarder.lose('Publish');
        const failed = { code: 'storage_failed', message: expect.not.stringContaining('steps') };
        await expect(losing.deliver(MESSAGE)).rejects.toMatchObject(failed);
        expect(forwarder.lost).toBe(1);
        expect(await losing.deliver(MESSAGE)).toBe('already');
        expect(await hers()).toHaveLength(1);
      });

      test('a message SNS refused may be sent later', async () => {
        const { topicArn, over } = await open();
        const refused = over(topicArn.replace(/:[^:]*$/, ':none-at-all'));
        await expect(refused.deliver(MESSAGE)).rejects.toMatchObject({ code: 'storage_failed' });
        expect(await over(topicArn).deliver(MESSAGE)).toBe('delivered');
      });

      test('a message that never left may be sent later', async () => {
        const { topicArn, over } = await open();
        // Nothing listens on the discard port.
        const away = over(topicArn, { region: 'us-east-1', endpoint: 'http://127.0.0.1:9' });
        await expect(away.deliver(MESSAGE)).rejects.toMatchObject({ code: 'storage_failed' });
        expect(await over(topicArn).deliver(MESSAGE)).toBe('delivered');
      });

      test('a text longer than SNS takes is refused before it is marked', async () => {
        const { notifier } = await open();
        const text = `${'x'.repeat(72)}\n`.repeat(3700);
        await expect(notifier.deliver({ ...MESSAGE, text })).rejects.toMatchObject({ code: 'invalid_message' });
        expect(await notifier.deliver(MESSAGE)).toBe('delivered');
      });
    },
  );
});
