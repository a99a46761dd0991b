import nock from 'nock';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyQueues } from '../../../local/stack/redrive.ts';
import { serverOf } from '../../../local/stack/server.ts';
import type { Run } from '../../../local/stack/outputs.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:wellspring-dev/owner-token-AbCdEf';
const OUTPUTS = {
  url: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com/',
  rawBucket: 'raw',
  lakeBucket: 'lake',
  athenaWorkgroup: 'wellspring-dev',
  athenaDatabase: 'wellspring_dev',
  glueWorkflow: 'wellspring-dev-transform',
  busName: 'wellspring-dev',
  summaryTopicArn: 'arn:aws:sns:eu-central-1:123456789012:wellspring-dev-summary',
  ownerTokenSecretArn: ARN,
};
const queue = (name: string) => `https://sqs.eu-central-1.amazonaws.com/123456789012/wellspring-dev-${name}`;
const QUEUED = {
  ...OUTPUTS,
  deadLetterQueues: { undelivered: queue('u'), failed: queue('f'), missed: queue('m'), fetches: queue('w') },
};
const run: Run = async () => JSON.stringify(OUTPUTS);

beforeEach(() => {
  nock.disableNetConnect();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'made-up');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'made-up');
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  vi.unstubAllEnvs();
});

/** Secrets Manager where the secret is, asked for that secret alone. */
const vault = () =>
  nock('https://secretsmanager.eu-central-1.amazonaws.com')
    .post('/', (body: unknown) => JSON.stringify(body) === JSON.stringify({ SecretId: ARN }))
    .matchHeader('x-amz-target', 'secretsmanager.GetSecretValue');

test("the owner's token comes from Secrets Manager of the region the stack is in", async () => {
  vault().reply(200, { ARN, SecretString: 'the-owner-token' });
  expect(await serverOf('dev', undefined, run)).toMatchObject({
    url: 'https://a1b2c3.execute-api.eu-central-1.amazonaws.com',
    token: 'the-owner-token',
    stack: { rawBucket: 'raw' },
  });
});

test('a token that was given is taken as it is, and nothing is read', async () => {
  // Without an answer prepared, asking would fail.
  expect(await serverOf('dev', 'given', run)).toMatchObject({ token: 'given' });
});

test.each([
  ['ResourceNotFoundException', 'secret_missing'],
  ['InvalidRequestException', 'secret_missing'],
  ['AccessDeniedException', 'storage_denied'],
])('%s of Secrets Manager is told as %s with a remedy, without the address of the secret', async (name, code) => {
  vault().reply(400, { __type: name, message: `no ${ARN}` });
  const failure: unknown = await serverOf('dev', undefined, run).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, remedy: expect.any(String) });
  expect(String(failure)).not.toContain(ARN);
});

test.each([
  ["the owner's token", () => serverOf('dev', undefined, run)],
  ['a dead letter', () => emptyQueues(QUEUED, { region: 'eu-central-1' })],
])('credentials AWS does not take are those of whoever asks for %s, not of a role of the stack', async (_, asks) => {
  nock(/\.eu-central-1\.amazonaws\.com/)
    .post('/')
    .reply(400, { __type: 'ExpiredTokenException', message: 'CANARY' });
  await expect(asks()).rejects.toMatchObject({
    code: 'storage_denied',
    message: expect.stringMatching(/^Your AWS credentials were refused\. .*: ExpiredTokenException \(400\)\.$/),
    remedy: expect.stringContaining('aws sts get-caller-identity'),
  });
});

test('an empty secret is no token', async () => {
  vault().reply(200, { ARN, SecretString: '' });
  await expect(serverOf('dev', undefined, run)).rejects.toMatchObject({ code: 'secret_missing' });
});

test('a stack that cannot be read asks nobody for a secret', async () => {
  await expect(serverOf('dev', undefined, async () => '{}')).rejects.toMatchObject({ code: 'stack_not_up' });
});
