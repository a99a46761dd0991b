import {
  CreateJobCommand,
  CreateWorkflowCommand,
  GetJobRunsCommand,
  GlueClient,
  PutWorkflowRunPropertiesCommand,
} from '@aws-sdk/client-glue';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../ports/clock/clock.ts';
import { createGlueEraseJob, createGlueWorkflow } from '../../ports/engine/glue.ts';
import { createGlueRuns } from '../../ports/engine/glue-runs.ts';
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

/** A run for the erasure above. */
const theirs = (JobRunState: string, more: Readonly<Record<string, string>> = {}) => ({
  Id: 'jr_1',
  JobRunState,
  Arguments: { '--USERS': 'u_anna,u_ben', '--ACCOUNTS': 'a_one,a_two', '--IDLE_AT': String(IDLE_AT), ...more },
});

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

describe('a run of the workflow', () => {
  test('is started with what its jobs read, and what they put there is read beside it', async () => {
    const client = new GlueClient({ endpoint: moto.url, region: 'us-east-1' });
    await client.send(new CreateWorkflowCommand({ Name: 'rebuilds' }));
    const runs = createGlueRuns({ workflow: 'rebuilds', connection: moto.connection });
    const id = (await runs.begin({ rebuild: 'dry-run' })) ?? '';
    const figures = { RunProperties: { rebuild: 'dry-run', small_outcome: 'compared' } };
    await client.send(new PutWorkflowRunPropertiesCommand({ Name: 'rebuilds', RunId: id, ...figures }));
    expect(await runs.look(id)).toEqual({ isActive: true, failed: 0, properties: figures.RunProperties });
  });

  test('is not started beside another one', async () => {
    const { connection, asked } = await answering(['ConcurrentRunsExceededException']);
    expect(await createGlueRuns({ workflow: 'batch', connection }).begin({ rebuild: 'apply' })).toBeUndefined();
    expect(asked).toEqual(['StartWorkflowRun']);
  });

  test.each([
    ['COMPLETED', {}, { isActive: false, failed: 0 }],
    ['COMPLETED', { FailedActions: 1, TimeoutActions: 1 }, { isActive: false, failed: 2 }],
    ['STOPPING', {}, { isActive: true, failed: 0 }],
    ['ERROR', {}, { isActive: false, failed: 1 }],
  ])('that is %s with %j', async (Status, Statistics, state) => {
    const { connection } = await answering([{ Run: { Status, Statistics } }]);
    expect(await createGlueRuns({ workflow: 'batch', connection }).look('wr_1')).toEqual({ ...state, properties: {} });
  });

  test('that is refused is told as what it is', async () => {
    const { connection } = await answering(['AccessDeniedException']);
    const runs = createGlueRuns({ workflow: 'batch', connection });
    await expect(runs.begin({ rebuild: 'apply' })).rejects.toMatchObject({ code: 'storage_denied' });
    await expect(runs.look('wr_1')).rejects.toMatchObject({ code: 'storage_denied' });
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

  test('counts as done by a run for the same that succeeded since, and by no other', async () => {
    const client = new GlueClient({ endpoint: moto.url, region: 'us-east-1' });
    await client.send(new CreateJobCommand({ Name: 'again', Role: 'made-up', Command: { Name: 'glueetl' } }));
    const job = createGlueEraseJob({ job: 'again', clock: hurried(), connection: moto.connection });
    const count = async () => (await client.send(new GetJobRunsCommand({ JobName: 'again' }))).JobRuns?.length;
    const later = { idleAt: IDLE_AT + 900_000, limitMs: 60_000 };
    await job.run(ERASURE, { idleAt: IDLE_AT, limitMs: 60_000 });
    await job.run(ERASURE, { ...later, since: IDLE_AT });
    expect(await count()).toBe(1);
    await job.run({ ...ERASURE, accounts: ['a_one'] }, { ...later, since: IDLE_AT });
    expect(await count()).toBe(2);
    await job.run(ERASURE, { ...later, since: IDLE_AT + 1 });
    expect(await count()).toBe(3);
  });

  test.each([
    ['that still runs is waited for', [[theirs('RUNNING')]], ['GetJobRuns', 'GetJobRun', 'GetJobRun']],
    ['that failed is run again', [[theirs('FAILED')]], ['GetJobRuns', 'StartJobRun', 'GetJobRun', 'GetJobRun']],
    [
      'that only counted is no erasure',
      [[theirs('SUCCEEDED', { '--DRY_RUN': 'true' })]],
      ['GetJobRuns', 'StartJobRun', 'GetJobRun', 'GetJobRun'],
    ],
    [
      // The answer to its start was lost, and the start was sent again.
      'that nobody was told of is found',
      [[], [theirs('RUNNING')]],
      ['GetJobRuns', 'StartJobRun', 'GetJobRuns', 'GetJobRun', 'GetJobRun'],
    ],
  ])('a run for the same %s', async (_, [first, second], calls) => {
    const start = second === undefined ? { JobRunId: 'jr_2' } : 'ConcurrentRunsExceededException';
    const starts = calls.includes('StartJobRun') ? [start] : [];
    const looks = second === undefined ? [] : [{ JobRuns: second }];
    const { connection, asked } = await answering([
      { JobRuns: first },
      ...starts,
      ...looks,
      run('RUNNING'),
      run('SUCCEEDED'),
    ]);
    const job = createGlueEraseJob({ job: 'erase', clock: hurried(), connection });
    await job.run(ERASURE, { idleAt: IDLE_AT + 1, limitMs: 60_000, since: IDLE_AT });
    expect(asked).toEqual(calls);
  });
});
