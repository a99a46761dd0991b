import { setTimeout as delay } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateWorkflowCommand, DeleteWorkflowCommand, GetWorkflowRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { clientSettings } from '../../../ports/aws.ts';
import { startSmallAws } from '../../support/small-aws.ts';
import { bucketAt } from '../../support/stand/bucket.ts';
import type { Household } from '../../support/stand/household.ts';

const letter = z.object({
  Message: z.string(),
  MessageAttributes: z.object({ user_id: z.object({ Value: z.string() }) }),
});
const dayBefore = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase().concat('z');

/** What the workflow is started for, and what follows when it has published: `receive`, `sweep`, `readings` and `summarize`. */
export function batches(house: () => Household): void {
  const settings = () => clientSettings(house().stand.connection);
  const raw = () => bucketAt(house().stand.connection, house().stand.environment('web')['RAW_BUCKET'] ?? '');
  const lake = () => bucketAt(house().stand.connection, house().stand.environment('sweep')['LAKE_BUCKET'] ?? '');
  const workflow = () => house().stand.environment('sweep')['WORKFLOW'] ?? '';
  const runs = async () =>
    (await new GlueClient(settings()).send(new GetWorkflowRunsCommand({ Name: workflow() }))).Runs ?? [];

  /** What a finished run of the workflow leaves: it took in all there is, and changed these rows. */
  async function publish(at: string, rows: readonly object[]): Promise<string> {
    const id = `b_${at}_abcdef`;
    const taken = (await raw().keys('raw/')).map((key) => JSON.stringify({ key, intake: 'read' }));
    await lake().put(`runs/${id}/taken.ndjson`, taken.join('\n'));
    await lake().put(`runs/${id}/changed/daily_metrics.ndjson`, rows.map((row) => JSON.stringify({ row })).join('\n'));
    const instant = new Date().toISOString();
    const counts = { objects: taken.length, observations: 1, quarantined: 0, days: 1 };
    const tables = { daily_metrics: rows.length };
    const record = { schema: 1, batch_id: id, started_at: instant, finished_at: instant, ...counts, users: [], tables };
    await lake().put(`runs/${id}/batch.json`, JSON.stringify(record));
    return id;
  }
  /** As the job tells it. */
  const tell = (batch_id: string) =>
    new EventBridgeClient(settings()).send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: house().stand.environment('sweep')['BUS'] ?? '',
            Source: 'wellspring',
            DetailType: 'Batch Published',
            Detail: JSON.stringify({ schema: 1, batch_id, users: [], days: 1 }),
          },
        ],
      }),
    );

  test('a delivery is acknowledged though the bus refuses its event, and the sweep starts the workflow for it, once', async () => {
    const { stand, api, ids } = house();
    await publish(stamp(Date.now() - 60_000), []);
    await stand.restart('sweep', { BATCH_WINDOW_SECONDS: '1' });
    expect(await stand.call('sweep', {})).not.toHaveProperty('error');
    const before = await raw().keys('raw/');
    expect(await runs()).toEqual([]);

    const linked = await api('POST', '/api/v1/link/garmin', { user_id: ids.anna, external_id: 'g-1' });
    const { webhook_url: url } = z.object({ webhook_url: z.string() }).parse(linked.said);
    await publish(stamp(Date.now() - 30_000), []);
    const refusing = await startSmallAws({});
    await stand.restart('receive', { AWS_ENDPOINT_URL_EVENTBRIDGE: refusing.url });
    const body = `{"dailies":[{"userId":"g-1","summaryId":"s-1","calendarDate":"2026-03-01","steps":4210}]}`;
    const push = { body, headers: { 'content-type': 'application/json' } };
    expect((await stand.ask('POST', new URL(url).pathname, push)).statusCode).toBe(200);
    expect(refusing.writes).toEqual(['POST /']);
    await refusing.stop();
    await stand.restart('receive');
    expect((await raw().keys('raw/')).filter((key) => !before.includes(key) && key.includes('/garmin/'))).toHaveLength(
      1,
    );

    await delay(1500);
    expect(await stand.call('sweep', {})).not.toHaveProperty('error');
    expect(await runs()).toHaveLength(1);
    expect(await stand.call('sweep', {})).not.toHaveProperty('error');
    expect(await runs()).toHaveLength(1);
    // moto ends no run by itself.
    await new GlueClient(settings()).send(new DeleteWorkflowCommand({ Name: workflow() }));
    await new GlueClient(settings()).send(new CreateWorkflowCommand({ Name: workflow() }));
  });

  test('a published batch changes what pages read and sends everybody their own text, once, however often it is told', async () => {
    const { stand, api, ids } = house();
    const topic = stand.environment('summarize')['SUMMARY_TOPIC'] ?? '';
    const [sns, sqs] = [new SNSClient(settings()), new SQSClient(settings())];
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
    // Beside each mailbox a queue that lets the same through: moto delivers no mail.
    const readers = new Map<string, string>();
    for (const { SubscriptionArn, Endpoint = '', Protocol } of Subscriptions) {
      const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      expect(Protocol).toBe('email');
      const QueueName = `mail-of-${Endpoint.split('@')[0]}`;
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
      const policy = { FilterPolicy: Attributes?.['FilterPolicy'] ?? 'none' };
      const queue = `arn:aws:sqs:us-east-1:123456789012:${QueueName}`;
      await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: queue, Attributes: policy }));
      readers.set(Endpoint, QueueUrl);
    }
    expect([...readers.keys()].toSorted()).toEqual(['anna@example.org', 'ben@example.org']);

    const row = (user_id: string, value: number) => ({
      user_id,
      local_date: dayBefore(),
      metric: 'steps',
      value,
      unit: 'count',
    });
    const id = await publish(stamp(Date.now()), [row(ids.anna, 4210), row(ids.ben, 9999)]);
    for (let n = 0; n < 3; n += 1) await tell(id);
    const [, summarized] = await Promise.all([stand.settle(), stand.call('summarize', {})]);
    expect(summarized).not.toHaveProperty('error');
    expect(await stand.call('summarize', {})).not.toHaveProperty('error');

    for (const [name, user, steps] of [
      ['anna', ids.anna, '4,210'],
      ['ben', ids.ben, '9,999'],
    ] as const) {
      const QueueUrl = readers.get(`${name}@example.org`) ?? '';
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      const letters = Messages.map(({ Body = '' }) => letter.parse(JSON.parse(Body)));
      expect(letters.map((one) => one.MessageAttributes.user_id.Value)).toEqual([user]);
      expect(letters[0]?.Message).toContain(steps);
    }
    // Whoever moves takes the mail along: the old address is told nothing more.
    expect((await api('PATCH', `/api/v1/users/${ids.ben}`, { email: 'anna@example.org' })).status).toBe(200);
    const query = `user_id=${ids.anna}&from=${dayBefore()}&to=${dayBefore()}`;
    const { status, said } = await api('GET', '/api/v1/daily', undefined, query);
    expect([status, JSON.stringify(said)]).toEqual([200, expect.stringContaining('4210')]);
  });
}
