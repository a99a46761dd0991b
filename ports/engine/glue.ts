import {
  GetJobRunCommand,
  GetWorkflowCommand,
  GlueClient,
  type JobRunState,
  StartJobRunCommand,
  StartWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { Erasure } from './engine.ts';

/** The chain of jobs that runs a batch; one run at a time, whoever starts it: an event, the sweep or a person. */
export interface Workflow {
  /** Starts a run unless one is active. */
  start(): Promise<'started' | 'running'>;
  /** The run started last; undefined before the first. */
  lastRun(): Promise<WorkflowRun | undefined>;
}

export interface WorkflowRun {
  readonly id: string;
  readonly isActive: boolean;
  /** Unix ms. */
  readonly startedAt: number;
  /** Unix ms; undefined while it is active. */
  readonly endedAt?: number;
  /** Jobs of it that did not succeed. */
  readonly failed?: number;
}

const ACTIVE = ['RUNNING', 'STOPPING'];

/** A Glue workflow by its name. */
export function createGlueWorkflow(options: {
  readonly workflow: string;
  readonly connection?: AwsConnection;
}): Workflow {
  const Name = options.workflow;
  const client = new GlueClient(clientSettings(options.connection ?? {}));

  async function lastRun(): Promise<WorkflowRun | undefined> {
    const { Workflow: found } = await client
      .send(new GetWorkflowCommand({ Name }))
      .catch((error: unknown) => Promise.reject(awsError(error, 'Looking at the workflow')));
    const run = found?.LastRun;
    if (run?.WorkflowRunId === undefined) return undefined;
    const isActive = ACTIVE.includes(run.Status ?? '');
    const { FailedActions = 0, TimeoutActions = 0, StoppedActions = 0, ErroredActions = 0 } = run.Statistics ?? {};
    return {
      id: run.WorkflowRunId,
      isActive,
      startedAt: run.StartedOn?.getTime() ?? 0,
      ...(run.CompletedOn === undefined ? {} : { endedAt: run.CompletedOn.getTime() }),
      failed: FailedActions + TimeoutActions + StoppedActions + ErroredActions,
    };
  }

  return {
    lastRun,
    async start() {
      if ((await lastRun())?.isActive === true) return 'running';
      try {
        await client.send(new StartWorkflowRunCommand({ Name }));
        return 'started';
      } catch (error) {
        // An event was quicker.
        if (isRefusal(error, 'ConcurrentRunsExceededException')) return 'running';
        throw awsError(error, 'Starting the workflow');
      }
    },
  };
}

/** The job that takes people out of every table. */
export interface EraseJob {
  /**
   * Runs to its end; safe to repeat. `idleAt` (Unix ms): the workflow was seen idle after it, so what lies between the tables' files from before is
   * nobody's. Throws `erasure_failed`, or `erasure_unfinished` when it takes longer than `limitMs`.
   */
  run(erasure: Erasure, when: { readonly idleAt: number; readonly limitMs: number }): Promise<void>;
}

const LOOK_AGAIN_MS = 5000;
const STILL: readonly (JobRunState | undefined)[] = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];

/** The Glue job `erase` by its name; one run at a time, a second one waits for the first. */
export function createGlueEraseJob(options: {
  readonly job: string;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): EraseJob {
  const { job: JobName, clock } = options;
  const client = new GlueClient(clientSettings(options.connection ?? {}));

  /** Undefined while another run of it goes on. */
  async function start({ users, accounts }: Erasure, idleAt: number): Promise<string | undefined> {
    const Arguments = { '--USERS': users.join(','), '--ACCOUNTS': accounts.join(','), '--IDLE_AT': String(idleAt) };
    try {
      return (await client.send(new StartJobRunCommand({ JobName, Arguments }))).JobRunId;
    } catch (error) {
      if (isRefusal(error, 'ConcurrentRunsExceededException')) return undefined;
      throw awsError(error, 'Starting the erasure');
    }
  }

  async function stateOf(RunId: string): Promise<JobRunState | undefined> {
    const { JobRun } = await client
      .send(new GetJobRunCommand({ JobName, RunId }))
      .catch((error: unknown) => Promise.reject(awsError(error, 'Looking at the erasure')));
    return JobRun?.JobRunState;
  }

  return {
    async run(erasure, { idleAt, limitMs }) {
      const endMs = clock.now() + limitMs;
      let runId: string | undefined;
      for (;;) {
        runId ??= await start(erasure, idleAt);
        const state = runId === undefined ? 'WAITING' : await stateOf(runId);
        if (state === 'SUCCEEDED') return;
        if (!STILL.includes(state)) throw failed(state);
        if (clock.now() >= endMs) throw unfinished();
        await clock.sleep(LOOK_AGAIN_MS);
      }
    },
  };
}

function failed(state: JobRunState | undefined): PortError {
  return new PortError('erasure_failed', `The job that erases ended ${state ?? 'without a state'}.`, {
    remedy: 'See its log in Glue; what is open is tried again every 15 minutes.',
  });
}

/** Not lost: whoever asked goes on with it later. */
export function unfinished(): PortError {
  return new PortError('erasure_unfinished', 'The tables are still being erased.', {
    remedy: 'It goes on by itself within 15 minutes.',
  });
}
