// moto delivers to queues and takes events of any size; with LIVE=1 the limit of 256 KB is AWS's own, and so is the delivery.
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { clientSettings } from '../../ports/aws.ts';
import type { WellspringEvent } from '../../ports/bus/bus.ts';
import { createEventBridgeBus } from '../../ports/bus/eventbridge.ts';
import { isLive, onAws } from '../support/aws.ts';
import { makeBus, nameOf } from '../support/aws-made.ts';
import { busContract, stored } from './bus.ts';

const heard = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() });

const published = (people: number): WellspringEvent => ({
  detailType: 'Batch Published',
  detail: { schema: 1, batch_id: 'b', users: Array.from({ length: people }, () => 'u_abcdefghijkl'), days: 1 },
});

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

onAws((aws) => {
  const open = async () => {
    const { connection } = aws;
    const bus = await makeBus(connection);
    return { bus, events: createEventBridgeBus({ bus, connection }) };
  };

  /** What a rule for all of ours hands to a queue. A queue needs a policy on AWS, and is not made there. */
  async function listen(bus: string) {
    const [sqs, client] = [
      new SQSClient(clientSettings(aws.connection)),
      new EventBridgeClient(clientSettings(aws.connection)),
    ];
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: nameOf('queue') }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const rule = { Name: 'all', EventBusName: bus, EventPattern: JSON.stringify({ source: ['wellspring'] }) };
    await client.send(new PutRuleCommand(rule));
    const Targets = [{ Id: 'queue', Arn: Attributes?.['QueueArn'] ?? '' }];
    await client.send(new PutTargetsCommand({ Rule: 'all', EventBusName: bus, Targets }));
    return async () => {
      const got: z.output<typeof heard>[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return got;
        got.push(...Messages.map(({ Body = '' }) => heard.parse(JSON.parse(Body))));
      }
    };
  }

  busContract('eventbridge', async () => (await open()).events);

  test.skipIf(isLive)('what arrives is what was published, under its type and our name', async () => {
    const { bus, events } = await open();
    const hear = await listen(bus);
    const work: WellspringEvent = {
      detailType: 'Work Asked',
      detail: { schema: 1, work: { kind: 'forget', user_id: 'u_abcdefghijkl' } },
    };
    const all = [...Array.from({ length: 12 }, (_, n) => stored(n)), work];
    await events.publish(all);
    const expected = all.map(({ detailType, detail }) => ({ source: 'wellspring', 'detail-type': detailType, detail }));
    expect((await hear()).toSorted(byText)).toEqual(expected.toSorted(byText));
  });

  test('events that are together more than a call takes are all published', async () => {
    const { events } = await open();
    // 17 bytes a person: about 170 KB each, so that no two fit into the 256 KB of one call.
    const results = await events.publish([published(10_000), published(10_000), published(10_000)]);
    expect(results).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  });

  test('a bus that is not there is said, once an event, and never thrown', async () => {
    const events = createEventBridgeBus({ bus: 'wellspring-test-none-at-all', connection: aws.connection });
    const results = await events.publish([stored(1), stored(2)]);
    if (isLive) expect(results.map(({ ok }) => ok)).toEqual([false, false]);
    // moto takes events for a bus nobody made.
    else expect(results).toHaveLength(2);
  });
});
