import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundles, build, httpAnswer, type Lambda, request, start } from '../support/lambda.ts';
import { type SmallAws, startSmallAws } from '../support/small-aws.ts';

// Against the little of AWS that is asked before the first delivery; what is stored and told is test/aws/receive.test.ts's.

let bundles: Bundles;
let aws: SmallAws;
let receive: Lambda;

const environment = () => ({
  RAW_BUCKET: 'raw',
  BUS: 'bus',
  INGEST_SECRET: 'ingest',
  CLIENT_SECRETS: 'clients',
  CLIENT_IDS: '{}',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'made-up',
  AWS_SECRET_ACCESS_KEY: 'made-up',
  AWS_ENDPOINT_URL: aws.url,
  AWS_LAMBDA_FUNCTION_NAME: 'wellspring-dev-receive',
});

beforeAll(async () => {
  bundles = await build('receive');
  aws = await startSmallAws({ ingest: 'a-made-up-secret', clients: '{}' });
  receive = start(bundles.out, 'receive', environment());
}, 60_000);
afterAll(async () => {
  await receive.stop();
  await aws.stop();
  await bundles.remove();
});

const ask = async (event: object) => httpAnswer.parse((await receive.call(event)).value);

test('the health check answers with the version of the package', async () => {
  const { statusCode, body } = await ask(request('GET', '/healthz'));
  expect([statusCode, JSON.parse(body)]).toEqual([200, { status: 'ok', version: '0.1.0' }]);
});

test('an address of nobody is 404, also when segments of it would fold into a door', async () => {
  const missing = await ask(request('GET', '/webhooks/nobody'));
  const folded = await ask(request('GET', '/webhooks/../healthz'));
  expect([missing.statusCode, folded.statusCode]).toEqual([404, 404]);
});

test('a delivery without a right key is 401, counted under the stack’s own name, and nothing is written', async () => {
  const { statusCode } = await ask(request('POST', '/webhooks/garmin/k.wrong', { body: '{}' }));
  expect(statusCode).toBe(401);
  expect(aws.writes).toEqual([]);
  const counted =
    receive
      .log()
      .split('\n')
      .find((line) => line.includes('key_m')) ?? '{}';
  expect(JSON.parse(counted)).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Namespace: 'wellspring-dev', Dimensions: [[]] }] },
    provider: 'garmin',
  });
});

test('an event of another format is refused by a code', async () => {
  const { statusCode, body } = await ask({ version: '1.0', path: '/healthz', httpMethod: 'GET' });
  expect([statusCode, JSON.parse(body).code]).toEqual([400, 'unknown_event']);
});

test('without its variables the function does not start, and says which and not what', async () => {
  const { RAW_BUCKET: _, CLIENT_IDS: __, ...rest } = environment();
  const lame = start(bundles.out, 'receive', { ...rest, CLIENT_IDS: '{"garmin": 7}', BUS: 'a-bus' });
  const { error } = await lame.call({});
  await lame.stop();
  expect(error).toBe('Error: The environment of receive lacks RAW_BUCKET, CLIENT_IDS.');
});

test('a secret that is not there is 503 and told by its code, and the next request tries again', async () => {
  const lame = start(bundles.out, 'receive', { ...environment(), INGEST_SECRET: 'nowhere' });
  const answers = [await lame.call(request('GET', '/healthz')), await lame.call(request('GET', '/healthz'))];
  expect(answers.map(({ value }) => httpAnswer.parse(value).statusCode)).toEqual([503, 503]);
  expect(lame.log().match(/"code":"secret_missing"/g)).toHaveLength(2);
  await lame.stop();
});
