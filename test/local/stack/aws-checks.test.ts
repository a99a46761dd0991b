import { createServer } from 'node:http';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { examineStack } from '../../../local/stack/doctor/aws.ts';

// What moto does not play: a reader who has not said yes, a run of a workflow with jobs that failed, and credentials AWS does not take.

const ARN = 'arn:aws:sns:eu-central-1:123456789012:w-dev-alerts';
const outputs = {
  url: 'https://health.example.org',
  rawBucket: 'raw',
  lakeBucket: 'lake',
  athenaWorkgroup: 'w',
  athenaDatabase: 'w',
  glueWorkflow: 'w-dev-transform',
  busName: 'w-dev',
  summaryTopicArn: ARN,
  ownerTokenSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:owner',
  alertsTopicArn: ARN,
};

beforeAll(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' });
});

const member = (arn: string) => `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol></member>`;

/** AWS that answers SNS and Glue with these, or nobody with anything but a refusal. */
async function look(subscriptions: readonly string[], run: object | undefined, isRefusing = false) {
  const server = createServer((request, response) => {
    if (isRefusing) {
      response.writeHead(403, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'UnrecognizedClientException', message: 'CANARY' }));
    } else if (String(request.headers['x-amz-target']).endsWith('GetWorkflow')) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ Workflow: { Name: 'w', LastRun: run } }));
    } else {
      response.writeHead(200, { 'content-type': 'text/xml' });
      const list = subscriptions.map(member).join('');
      response.end(
        `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${list}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connection = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', attempts: 1 };
  const checks = await examineStack({ outputs, connection });
  return Object.fromEntries(checks.map((one) => [one.id, one]));
}

const RUN = { WorkflowRunId: 'wr_1', StartedOn: 1_795_158_000, CompletedOn: 1_795_158_140 };

test.each([
  [[], 'warn', '0 addresses; 0 wait'],
  [['PendingConfirmation', `${ARN}:1`], 'warn', '1 addresses; 1 wait'],
  [[`${ARN}:1`, `${ARN}:2`], 'ok', '2 addresses; 0 wait'],
])('readers of alarms %j: %s', async (subscriptions, state, words) => {
  const { alerts } = await look(subscriptions, undefined);
  expect(alerts).toMatchObject({ state, detail: expect.stringContaining(words) });
});

test.each([
  [undefined, 'warn', 'never ran'],
  [{ ...RUN, Status: 'COMPLETED', Statistics: { SucceededActions: 2 } }, 'ok', 'took 140 s'],
  [{ ...RUN, Status: 'COMPLETED', Statistics: { SucceededActions: 1, FailedActions: 1 } }, 'warn', '1 jobs failed'],
  [{ ...RUN, Status: 'COMPLETED', Statistics: { TimeoutActions: 1, ErroredActions: 1 } }, 'warn', '2 jobs failed'],
])('a workflow whose last run was %j: %s', async (run, state, words) => {
  const { workflow } = await look([], run);
  expect(workflow).toMatchObject({ state, detail: expect.stringContaining(words) });
});

test('without credentials AWS takes, each is a warning that says so, and not that a role of the stack lacks a right', async () => {
  const found = await look([], undefined, true);
  for (const of of ['alerts', 'workflow'])
    expect(found[of]).toMatchObject({ state: 'warn', remedy: expect.stringContaining('get-caller-identity') });
  expect(JSON.stringify(found)).not.toContain('CANARY');
});
