import { describe, expect, test } from 'vitest';
import { readLetter } from '../../../local/stack/letters.ts';
import { redriveLetters } from '../../../local/stack/redrive.ts';
import type { Bus, WellspringEvent } from '../../../ports/bus/bus.ts';
import type { Letter, Queue } from '../../../ports/queue/queue.ts';

const eventOf = (type: string, detail: object, source = 'wellspring') => ({
  version: '0',
  id: 'e-1',
  source,
  'detail-type': type,
  account: '123456789012',
  detail,
});
const published = eventOf('Batch Published', { schema: 1, batch_id: 'b_1', users: ['u_1'], days: 2 });
const asked = eventOf('Work Asked', { schema: 1, work: { kind: 'forget', user_id: 'u_1' } });
/** As Lambda writes of a call it gave up. */
const failed = (requestPayload: unknown) => ({
  version: '1.0',
  requestContext: { functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:w-dev-forget:$LATEST' },
  requestPayload,
  responseContext: { statusCode: 200, functionError: 'Unhandled' },
});

/** As S3 tells of an object that was put. */
const arrived = (key: string) => ({ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { object: { key } } });

describe('a dead letter', () => {
  test.each([
    ['an event no target took', published],
    ['an event a function failed at', failed(published)],
  ])('that is %s is sent again, with nothing added', (_, body) => {
    const { 'detail-type': detailType, detail } = published;
    expect(readLetter(JSON.stringify(body))).toEqual({ kind: 'again', event: { detailType, detail } });
  });

  test.each([
    ['an appointment', {}],
    ['an appointment a function failed at', failed({})],
    ["AWS's own event", eventOf('Glue Job State Change', { state: 'FAILED' }, 'aws.glue')],
    ['a notification of the bucket, whose file the clock finds', failed({ Records: [arrived('inbox/a')] })],
  ])('that is %s needs nothing', (_, body) => {
    expect(readLetter(JSON.stringify(body))).toEqual({ kind: 'passed' });
  });

  test.each([
    ['no JSON', 'a sentence for people'],
    ['a notification of nothing', JSON.stringify(failed({ Records: [] }))],
    ['a notification of another service', JSON.stringify(failed({ Records: [{ eventSource: 'aws:sqs', body: '' }] }))],
    ['an event of another version', JSON.stringify({ ...published, detail: { ...published.detail, schema: 2 } })],
    ['an event of somebody else', JSON.stringify(eventOf('Batch Published', published.detail, 'elsewhere'))],
    ['work nobody knows', JSON.stringify(eventOf('Work Asked', { schema: 1, work: { kind: 'dance' } }))],
  ])('that is %s stays for a person', (_, body) => {
    expect(readLetter(body)).toEqual({ kind: 'left' });
  });
});

/** A queue that gives out two at a time, and again what was not removed when everything was given out. */
function open(bodies: readonly unknown[], bus: (event: WellspringEvent) => boolean = () => true) {
  let letters: Letter[] = bodies.map((body, at) => ({ id: `m${at}`, body: JSON.stringify(body), handle: `h${at}` }));
  let given = 0;
  const log: string[] = [];
  const queue: Queue = {
    depth: async () => letters.length,
    take: async () => {
      if (given >= letters.length) given = 0;
      const some = letters.slice(given, given + 2);
      given += some.length;
      return some;
    },
    remove: async ({ id }) => {
      log.push(`removed ${id}`);
      letters = letters.filter((one) => one.id !== id);
      given -= 1;
    },
  };
  const sends: Bus = {
    publish: async (events) =>
      events.map((event) => {
        log.push(`sent ${event.detailType}`);
        return bus(event) ? { ok: true } : { ok: false, reason: 'ThrottlingException' };
      }),
  };
  return { queue, sends, log };
}

test('each is sent again before it is removed, and a second time nothing is left to do', async () => {
  const { queue, sends, log } = open([asked, failed(published), {}]);
  expect(await redriveLetters(queue, sends)).toEqual({ again: 2, passed: 1, left: 0 });
  expect(log).toEqual(['sent Work Asked', 'removed m0', 'sent Batch Published', 'removed m1', 'removed m2']);
  expect(await redriveLetters(queue, sends)).toEqual({ again: 0, passed: 0, left: 0 });
});

test('what the bus refuses and what nobody understands stays, and does not keep the call from ending', async () => {
  const { queue, sends } = open(['?', asked, published], ({ detailType }) => detailType !== 'Work Asked');
  expect(await redriveLetters(queue, sends)).toEqual({ again: 1, passed: 0, left: 2 });
  expect(await queue.depth()).toBe(2);
});

test('whoever interrupts it ends it between two letters', async () => {
  const stop = new AbortController();
  const { queue, sends } = open([asked, asked, asked], () => {
    stop.abort();
    return true;
  });
  expect(await redriveLetters(queue, sends, stop.signal)).toEqual({ again: 1, passed: 0, left: 0 });
  expect(await queue.depth()).toBe(2);
});
