import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../app/keys.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { type Gateway, openGateway } from '../support/gateway.ts';
import { type Bundles, build, httpAnswer, type Lambda, request, start } from '../support/lambda.ts';
import { type Landing, openLanding } from '../support/landing.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';
import { startSmallAws } from '../support/small-aws.ts';

// The real bundle in a fresh process. What it cannot prove: how S3 answers two writers of one key at the same moment, and what a role may do.

const INGEST = 'a-made-up-ingest-secret';
const keyring = createKeyring({ secrets: [INGEST] });
const door = (provider: string) => `/webhooks/${provider}/${keyring.issue(provider, 'path', 'k1')}`;
// The spaces are the provider's own: they have to arrive as they were sent.
const DAILY =
  '{ "userId":"g-1",  "summaryId":"s-1","calendarDate":"2026-03-01","startTimeInSeconds":1772323200,"steps":4210 }';
const PUSH = `{"dailies":[${DAILY}]}`;
/** Lambda ends a call of `receive` after 5 s, the strictest provider gives up after 2 s. */
const DEADLINE_MS = 2000;

describe.skipIf(!hasMoto)('receive on AWS', () => {
  let moto: Moto;
  let bundles: Bundles;
  let way: Gateway;
  let n = 0;
  const started: Lambda[] = [];

  beforeAll(async () => {
    [moto, bundles] = await Promise.all([startMoto(), build('receive')]);
    way = await openGateway(moto.url);
  }, 120_000);
  afterEach(async () => {
    way.stall(false);
    await Promise.all(started.splice(0).map((one) => one.stop()));
  });
  afterAll(async () => {
    await way.stop();
    await moto.stop();
    await bundles.remove();
  });

  async function open(
    variables: Readonly<Record<string, string>> = {},
  ): Promise<{ landing: Landing; receive: Lambda; ask: (event: object) => Promise<[number, string, number]> }> {
    const landing = await openLanding(moto, `w${(n += 1)}`, { ingest: INGEST, clients: { oura: 'oura-secret' } });
    const receive = start(bundles.out, 'receive', { ...landing.environment, ...variables });
    started.push(receive);
    const ask = async (event: object): Promise<[number, string, number]> => {
      const { value, ms } = await receive.call(event);
      const { statusCode, body } = httpAnswer.parse(value);
      return [statusCode, body, ms];
    };
    return { landing, receive, ask };
  }

  test('a push becomes one object under the key of the contract, with the bytes that were sent, and an event; the same again is no second object, but an event', async () => {
    const { landing, ask } = await open();
    const push = request('POST', door('garmin'), { body: PUSH, headers: { 'content-type': 'application/json' } });
    const [status, body] = await ask(push);
    expect([status, body]).toEqual([200, '{"stored":1,"duplicates":0}']);

    const keys = await landing.keys('raw/');
    const today = new Date().toISOString().slice(0, 10);
    const document = await landing.read(keys[0] ?? '');
    const data = document.slice(document.indexOf('"data":') + '"data":'.length, -1);
    expect(data).toContain(DAILY);
    expect(keys).toEqual([`raw/${today}/garmin/${accountOf('garmin', 'g-1')}/dailies-${sha256Hex(data)}.json`]);

    const [again] = await ask(push);
    expect([again, await landing.keys('raw/')]).toEqual([200, keys]);
    const events = await landing.hear(2);
    expect(events.map((one) => [one['detail-type'], one.detail['key'], one.detail['sha256']])).toEqual(
      [1, 2].map(() => ['Raw Object Stored', keys[0], sha256Hex(data)]),
    );
    expect(JSON.stringify(events)).not.toContain('4210');
  });

  test('a notice that came as a form, its body in base64, is kept as it was written and told as a notice', async () => {
    const { landing, ask } = await open();
    const body = 'userid=4711&startdate=1772323200&enddate=1772409600&appli=1';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const [status] = await ask(request('POST', door('withings'), { body, headers, base64: true }));
    const keys = await landing.keys('raw/');
    expect([status, keys.length]).toEqual([200, 1]);
    expect(await landing.read(keys[0] ?? '')).toContain(`"data":${JSON.stringify(body)}}`);
    const [event] = await landing.hear(1);
    expect([event?.['detail-type'], event?.detail['key']]).toEqual(['Notice Stored', keys[0]]);
  });

  test('bytes that are no text arrive as they are: a signature over them holds, and one over others does not', async () => {
    const { landing, ask } = await open();
    const body =
      '{"event_type":"update","data_type":"daily_sleep","object_id":"Zoë","event_time":"2026-03-01T07:00:00+00:00","user_id":"o-1"}';
    const at = String(Date.now());
    const sign = (text: string) =>
      createHmac('sha256', 'oura-secret').update(at).update(text).digest('hex').toUpperCase();
    const send = (signature: string) =>
      ask(
        request('POST', '/webhooks/oura', {
          body,
          base64: true,
          headers: { 'content-type': 'application/json', 'x-oura-signature': signature, 'x-oura-timestamp': at },
        }),
      );
    expect((await send(sign(body)))[0]).toBe(200);
    expect((await send(sign(`${body} `)))[0]).toBe(401);
    expect(await landing.keys('raw/')).toHaveLength(1);
  });

  test('storage that says nothing is 503 in time, and nothing is acknowledged or told', async () => {
    const { landing, receive, ask } = await open({ AWS_ENDPOINT_URL_S3: way.url });
    expect((await ask(request('GET', '/healthz')))[0]).toBe(200);
    way.stall(true);
    const [status, , ms] = await ask(request('POST', door('garmin'), { body: PUSH }));
    expect(status).toBe(503);
    expect(ms).toBeLessThan(DEADLINE_MS);
    await receive.stop();
    expect([await landing.keys('raw/'), await landing.hear(1)]).toEqual([[], []]);
  });

  test('storage that says nothing from the start is 503 in time as well', async () => {
    way.stall(true);
    const { ask } = await open({ AWS_ENDPOINT_URL_S3: way.url });
    const [status, , ms] = await ask(request('POST', door('garmin'), { body: PUSH }));
    expect(status).toBe(503);
    expect(ms).toBeLessThan(DEADLINE_MS);
  });

  test('a bus that refuses does not keep a stored delivery from being acknowledged; the loss is counted', async () => {
    const refusing = await startSmallAws({});
    const { landing, receive, ask } = await open({ AWS_ENDPOINT_URL_EVENTBRIDGE: refusing.url });
    const [status] = await ask(request('POST', door('garmin'), { body: PUSH }));
    expect([status, (await landing.keys('raw/')).length]).toEqual([200, 1]);
    expect(refusing.writes).toEqual(['POST /']);
    expect(receive.log()).toContain('"event_lost":1');
    await refusing.stop();
  });
});
