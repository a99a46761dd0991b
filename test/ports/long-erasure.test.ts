import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Erasure } from '../../ports/engine/engine.ts';
import { createGlueEraseJob, createGlueWorkflow } from '../../ports/engine/glue.ts';
import { createRemoteEngine } from '../../ports/engine/remote.ts';
import type { Runs } from '../../ports/engine/run.ts';

const ERASURE: Erasure = { users: ['u_anna'], accounts: ['a_one'], keys: [] };
const MINUTE_MS = 60_000;
const ASKED_AT = Date.parse('2026-03-05T12:00:00Z');

const noRuns: Runs = {
  known: () => Promise.resolve(new Map()),
  lastFinished: () => Promise.resolve(undefined),
  async *since() {},
  taken: () => Promise.resolve([]),
  async *changes() {},
  erase: () => Promise.resolve(),
};

interface Run {
  readonly Id: string;
  readonly Arguments: Readonly<Record<string, string>>;
  readonly startedAt: number;
}

/** Glue as far as erasing asks it, on a clock on which waiting takes no time: one run of the job at a time, each of 20 minutes. */
async function openGlue() {
  let now = ASKED_AT;
  const clock: Clock = { now: () => now, sleep: async (ms) => void (now += ms) };
  const runs: Run[] = [];
  const workflow = { startedAt: ASKED_AT - 30 * MINUTE_MS, endedAt: ASKED_AT - 25 * MINUTE_MS };
  const shown = ({ Id, Arguments, startedAt }: Run) => {
    const JobRunState = now - startedAt < 20 * MINUTE_MS ? 'RUNNING' : 'SUCCEEDED';
    return { Id, Arguments, JobRunState, StartedOn: startedAt / 1000 };
  };
  const app = new Hono().post('/', async (c) => {
    const given: { readonly RunId?: string; readonly Arguments?: Run['Arguments'] } = await c.req.json();
    const all = runs.map(shown);
    switch ((c.req.header('x-amz-target') ?? '').split('.')[1]) {
      case 'GetWorkflow': {
        const LastRun = {
          WorkflowRunId: `wr_${workflow.startedAt}`,
          Status: now < workflow.endedAt ? 'RUNNING' : 'COMPLETED',
          StartedOn: workflow.startedAt / 1000,
          CompletedOn: workflow.endedAt / 1000,
        };
        return c.json({ Workflow: { LastRun } });
      }
      case 'StartJobRun':
        if (all.some(({ JobRunState }) => JobRunState === 'RUNNING')) {
          return c.json({ __type: 'ConcurrentRunsExceededException', message: 'no' }, 400);
        }
        runs.push({ Id: `jr_${runs.length}`, Arguments: given.Arguments ?? {}, startedAt: now });
        return c.json({ JobRunId: runs.at(-1)?.Id });
      case 'GetJobRun':
        return c.json({ JobRun: all.find(({ Id }) => Id === given.RunId) });
      case 'GetJobRuns':
        return c.json({ JobRuns: all.toReversed() });
      default:
        return c.json({ __type: 'InvalidInputException', message: 'no' }, 400);
    }
  });
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port));
    onTestFinished(() => void server.close());
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'made');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'up');
  const connection = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', attempts: 1 };
  const engine = createRemoteEngine({
    runs: noRuns,
    warehouse: { run: () => Promise.resolve([]) },
    clock,
    erasing: {
      job: createGlueEraseJob({ job: 'erase', clock, connection }),
      workflow: createGlueWorkflow({ workflow: 'batch', connection }),
      readings: { remove: () => Promise.resolve(0) },
    },
  });
  const erase = (terms: { readonly askedAt?: number; readonly signal?: AbortSignal } = { askedAt: ASKED_AT }) =>
    engine.erase(ERASURE, { batchId: 'b', now, commit: () => Promise.resolve(true), ...terms });
  return { erase, runs, workflow, clock };
}

afterEach(() => vi.unstubAllEnvs());

const unfinished = { code: 'erasure_unfinished' };

test('an erasure that takes longer than a call is done by the one run of the job, which the next call waits for', async () => {
  const { erase, runs, clock } = await openGlue();
  await expect(erase()).rejects.toMatchObject(unfinished);
  await clock.sleep(2 * MINUTE_MS);
  await erase();
  expect(runs).toHaveLength(1);
  // From its start on 20 minutes, and at most one look (5 s) more.
  expect(clock.now() - ASKED_AT).toBeLessThanOrEqual(20 * MINUTE_MS + 5000);
});

test('and a run that ended while nobody looked is found', async () => {
  const { erase, runs, clock } = await openGlue();
  await expect(erase()).rejects.toMatchObject(unfinished);
  await clock.sleep(3 * 60 * MINUTE_MS);
  await erase();
  expect(runs).toHaveLength(1);
});

test('but not one beside which, or after which, the workflow ran: it may have published what the run did not see', async () => {
  const { erase, runs, workflow, clock } = await openGlue();
  await expect(erase()).rejects.toMatchObject(unfinished);
  // It began a minute after the job, which goes on until minute 20.
  Object.assign(workflow, { startedAt: ASKED_AT + MINUTE_MS, endedAt: ASKED_AT + 15 * MINUTE_MS });
  await clock.sleep(13 * MINUTE_MS);
  await expect(erase()).rejects.toMatchObject(unfinished);
  expect(runs).toHaveLength(2);
  expect(Number(runs[1]?.Arguments['--IDLE_AT'])).toBeGreaterThanOrEqual(workflow.endedAt);
});

test('nor one from before it was asked for', async () => {
  const { erase, runs, clock } = await openGlue();
  await expect(erase()).rejects.toMatchObject(unfinished);
  await clock.sleep(60 * MINUTE_MS);
  await expect(erase({ askedAt: clock.now() })).rejects.toMatchObject(unfinished);
  expect(runs).toHaveLength(2);
});

test('waiting ends when the caller has no more time', async () => {
  const { erase, clock } = await openGlue();
  await expect(erase({ askedAt: ASKED_AT, signal: AbortSignal.abort() })).rejects.toMatchObject(unfinished);
  expect(clock.now()).toBe(ASKED_AT);
});
