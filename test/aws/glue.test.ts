import { CreateJobCommand, CreateWorkflowCommand, GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../ports/clock/clock.ts';
import { createGlueEraseJob, createGlueWorkflow } from '../../ports/engine/glue.ts';
import { type Moto, startMoto } from '../support/moto.ts';

const IDLE_AT = 1_763_800_000_000;
const ERASURE = { users: ['u_anna', 'u_ben'], accounts: ['a_one', 'a_two'], keys: [] };

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto.stop());

/** A clock on which waiting takes no time. */
function hurried(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

/** Glue that gives these answers, a name of an error or a body, in turn; the last one again and again. */
async function answering(answers: readonly (string | object)[]) {
  const asked: string[] = [];
  const app = new Hono().post('/', (c) => {
    asked.push((c.req.header('x-amz-target') ?? '').split('.')[1] ?? '');
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? {};
    return typeof answer === 'string' ? c.json({ __type: answer, message: 'no' }, 400) : c.json(answer);
  });
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port));
    onTestFinished(() => void server.close());
  });
  return { asked, connection: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', attempts: 1 } };
}

const run = (JobRunState: string) => ({ JobRun: { JobRunState } });

describe('the workflow', () => {
  test('is started when none runs, and left alone while one does', async () => {
    const client = new GlueClient({ endpoint: moto.url, region: 'us-east-1' });
    await client.send(new CreateWorkflowCommand({ Name: 'batch', MaxConcurrentRuns: 1 }));
    const workflow = createGlueWorkflow({ workflow: 'batch', connection: moto.connection });
    expect(await workflow.lastRun()).toBeUndefined();
    expect(await workflow.start()).toBe('started');
    const first = await workflow.lastRun();
    expect(first).toMatchObject({ isActive: true });
    expect(await workflow.start()).toBe('running');
    expect(await workflow.lastRun()).toEqual(first);
  });

  test.each([
    ['RUNNING', 'running'],
    ['STOPPING', 'running'],
    ['COMPLETED', 'started'],
    ['STOPPED', 'started'],
    ['ERROR', 'started'],
  ])('whose last run is %s is %s', async (Status, outcome) => {
    const LastRun = { WorkflowRunId: 'wr_1', Status, StartedOn: 1 };
    const { connection } = await answering([{ Workflow: { Name: 'batch', LastRun } }, { RunId: 'wr_2' }]);
    expect(await createGlueWorkflow({ workflow: 'batch', connection }).start()).toBe(outcome);
  });

  test('counts as running when an event was quicker', async () => {
    const { connection, asked } = await answering([{ Workflow: { Name: 'batch' } }, 'ConcurrentRunsExceededException']);
    const workflow = createGlueWorkflow({ workflow: 'batch', connection });
    expect(await workflow.start()).toBe('running');
    expect(asked).toEqual(['GetWorkflow', 'StartWorkflowRun']);
  });

  test('that is not there is a clear error', async () => {
    const workflow = createGlueWorkflow({ workflow: 'nowhere', connection: moto.connection });
    await expect(workflow.start()).rejects.toMatchObject({ name: 'PortError', code: 'storage_failed' });
  });
});

describe('the job that erases', () => {
  test('gets everybody it is about, and is waited for', async () => {
    const client = new GlueClient({ endpoint: moto.url, region: 'us-east-1' });
    await client.send(new CreateJobCommand({ Name: 'erase', Role: 'made-up', Command: { Name: 'glueetl' } }));
    const job = createGlueEraseJob({ job: 'erase', clock: hurried(), connection: moto.connection });
    await job.run(ERASURE, { idleAt: IDLE_AT, limitMs: 60_000 });
    const { JobRuns = [] } = await client.send(new GetJobRunsCommand({ JobName: 'erase' }));
    expect(JobRuns.map(({ Arguments, JobRunState }) => [JobRunState, Arguments])).toEqual([
      ['SUCCEEDED', { '--USERS': 'u_anna,u_ben', '--ACCOUNTS': 'a_one,a_two', '--IDLE_AT': '1763800000000' }],
    ]);
  });

  test('waits for another one, then runs itself', async () => {
    const answers = [
      'ConcurrentRunsExceededException',
      { JobRunId: 'jr_1' },
      run('STARTING'),
      run('RUNNING'),
      run('SUCCEEDED'),
    ];
    const { connection, asked } = await answering(answers);
    await createGlueEraseJob({ job: 'erase', clock: hurried(), connection }).run(ERASURE, {
      idleAt: IDLE_AT,
      limitMs: 60_000,
    });
    expect(asked).toEqual(['StartJobRun', 'StartJobRun', 'GetJobRun', 'GetJobRun', 'GetJobRun']);
  });

  test.each(['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'])(
    'that ends %s is an error with a remedy',
    async (state) => {
      const { connection } = await answering([{ JobRunId: 'jr_1' }, run(state)]);
      const running = createGlueEraseJob({ job: 'erase', clock: hurried(), connection }).run(ERASURE, {
        idleAt: IDLE_AT,
        limitMs: 60_000,
      });
      await expect(running).rejects.toMatchObject({
        code: 'erasure_failed',
        remedy: expect.stringContaining('15 minutes'),
      });
    },
  );

  test('that takes longer than allowed is not finished, and says that it goes on', async () => {
    const { connection, asked } = await answering([{ JobRunId: 'jr_1' }, run('RUNNING')]);
    const running = createGlueEraseJob({ job: 'erase', clock: hurried(), connection }).run(ERASURE, {
      idleAt: IDLE_AT,
      limitMs: 20_000,
    });
    await expect(running).rejects.toMatchObject({ code: 'erasure_unfinished' });
    // Looked at after 0, 5, 10, 15 and 20 seconds.
    expect(asked.filter((call) => call === 'GetJobRun')).toHaveLength(5);
  });
});
