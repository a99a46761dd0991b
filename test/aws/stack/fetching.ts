import { SendMessageCommand, SQSClient, GetQueueUrlCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clientSettings } from '../../../ports/aws.ts';
import { bucketAt } from '../../support/stand/bucket.ts';
import { connectScale, type Household, SCALES } from '../../support/stand/household.ts';

/** Connecting, first fetch, backfill, notices: what `web`, `receive`, `collect` and `sweep` do with what providers hold. */
export function fetching(house: () => Household): void {
  const raw = () => bucketAt(house().stand.connection, house().stand.environment('web')['RAW_BUCKET'] ?? '');
  /** The weighings that are stored, by the provider's id. */
  const weighings = async (): Promise<ReadonlySet<string>> => {
    const keys = (await raw().keys('raw/')).filter((key) => key.includes('/withings/') && key.includes('getmeas'));
    const all = await Promise.all(keys.map((key) => raw().read(key)));
    return new Set(all.flatMap((text) => [...text.matchAll(/"grpid":(\d+)/g)].map(([, id = '']) => id)));
  };
  const queueUrl = async (name: string) =>
    (await new SQSClient(clientSettings(house().stand.connection)).send(new GetQueueUrlCommand({ QueueName: name })))
      .QueueUrl;
  const waiting = async (name: string): Promise<number> => {
    const client = new SQSClient(clientSettings(house().stand.connection));
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const asked = new GetQueueAttributesCommand({ QueueUrl: await queueUrl(name), AttributeNames });
    return Number((await client.send(asked)).Attributes?.['ApproximateNumberOfMessages']);
  };

  test('who comes back from a provider is connected, and what the event of it starts fetches the last week', async () => {
    const { stand, ids } = house();
    expect(await connectScale(house(), ids.anna, SCALES.anna)).toMatch(/^\/connected\/c_/);
    expect(await connectScale(house(), ids.ben, SCALES.ben)).toMatch(/^\/connected\/c_/);
    expect(await weighings()).toEqual(new Set());
    expect((await stand.settle())['collect']).toBeGreaterThan(0);
    // 3 and 2 days ago; the one 40 days ago is beyond FIRST_FETCH_DAYS, the last not known yet.
    expect([...(await weighings())].toSorted()).toEqual(['11', '21']);
    expect(stand.environment('collect')['FIRST_FETCH_DAYS']).toBe('7');
  });

  test('the sweep goes on with the past', async () => {
    const { stand } = house();
    expect(await stand.call('sweep', {})).not.toHaveProperty('error');
    await stand.settle();
    expect([...(await weighings())].toSorted()).toEqual(['11', '12', '21']);
  });

  test('a notice in a form, its body in base64, is stored, told and brings what it is about', async () => {
    const { stand, providers } = house();
    const sent = await providers.release(Math.floor(Date.now() / 1000));
    expect([sent.notices > 0, sent.lost]).toEqual([true, 0]);
    const notices = (await raw().keys('raw/')).filter((key) => key.includes('/withings/') && key.includes('/notice'));
    expect(notices.length).toBeGreaterThan(0);
    expect(await raw().read(notices[0] ?? '')).toContain(`userid=${SCALES.anna}`);
    expect((await weighings()).has('13')).toBe(false);
    await stand.settle();
    expect([...(await weighings())].toSorted()).toEqual(['11', '12', '13', '21']);
  });

  test('a message that fails comes again alone, and one nobody understands ends among the dead letters', async () => {
    const { stand, api, ids } = house();
    const client = new SQSClient(clientSettings(stand.connection));
    const QueueUrl = await queueUrl('wellspring-prod-work');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not JSON' }));
    expect((await api('POST', '/api/v1/collect/withings', undefined, `user_id=${ids.ben}`)).status).toBe(202);
    // Nobody listens at port 9: the records cannot be read.
    await stand.restart('collect', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' });
    await stand.settle();
    expect(await waiting('wellspring-prod-work')).toBe(2);
    await stand.restart('collect');
    await stand.settle();
    expect(await waiting('wellspring-prod-work')).toBe(1);
    for (let n = 0; n < 4; n += 1) await stand.settle();
    expect([await waiting('wellspring-prod-work'), await waiting('wellspring-prod-work-failed')]).toEqual([0, 1]);
  });
}
