import {
  GetJobRunCommand,
  GetJobRunsCommand,
  GetWorkflowCommand,
  GlueClient,
  type JobRunState,
  StartJobRunCommand,
  StartWorkflowRunCommand,
} from '@aws-sdk/client-glue';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { Erasure, ErasureTerms } from './engine.ts';

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
   * nobody's. With `since` (Unix ms) a run for the same that was told a moment from then on is gone on with, or counts when it succeeded. Throws
   * `erasure_failed`, or `erasure_unfinished` when it takes longer than `limitMs` or until `signal`.
   */
  run(erasure: Erasure, when: EraseTimes): Promise<void>;
}

export interface EraseTimes extends Pick<ErasureTerms, 'signal'> {
  readonly idleAt: number;
  readonly limitMs: number;
  readonly since?: number | undefined;
}

const LOOK_AGAIN_MS = 5000;
/** The newest ones, which come first, as many as a page holds; an older one costs no more than another run. */
const NEWEST = 200;
const STILL: readonly (JobRunState | undefined)[] = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'];

/** The Glue job `erase` by its name; one run at a time, a second one waits for the first. */
export function createGlueEraseJob(options: {
  readonly job: string;
  readonly clock: Clock;
  readonly connection?: AwsConnection;
}): EraseJob {
  const { job: JobName, clock } = options;
  const client = new GlueClient(clientSettings(options.connection ?? {}));

  /** A run for the same that erased, or is about to; also one whose start was never answered. */
  async function earlier(erasure: Erasure, since: number): Promise<string | undefined> {
    const { JobRuns = [] } = await client
      .send(new GetJobRunsCommand({ JobName, MaxResults: NEWEST }))
      .catch((error: unknown) => Promise.reject(awsError(error, 'Looking for the erasure')));
    const whose = Object.entries(whoseOf(erasure));
    const same = JobRuns.filter(({ Arguments: given = {} }) => {
      const { '--IDLE_AT': idleAt, '--DRY_RUN': dry = 'false' } = given;
      return whose.every(([name, value]) => given[name] === value) && Number(idleAt) >= since && dry === 'false';
    });
    const inState = (states: typeof STILL) => same.find(({ JobRunState }) => states.includes(JobRunState));
    return (inState(['SUCCEEDED']) ?? inState(STILL))?.Id;
  }

  /** Undefined while another run of it goes on. */
  async function start(erasure: Erasure, idleAt: number): Promise<string | undefined> {
    const Arguments = { ...whoseOf(erasure), '--IDLE_AT': String(idleAt) };
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
    async run(erasure, { idleAt, limitMs, since, signal }) {
      const endMs = clock.now() + limitMs;
      let runId: string | undefined;
      for (;;) {
        if (since !== undefined) runId ??= await earlier(erasure, since);
        runId ??= await start(erasure, idleAt);
        const state = runId === undefined ? 'WAITING' : await stateOf(runId);
        if (state === 'SUCCEEDED') return;
        if (!STILL.includes(state)) throw failed(state);
        if (clock.now() >= endMs || signal?.aborted === true) throw unfinished();
        await clock.sleep(LOOK_AGAIN_MS);
      }
    },
  };
}

/** The arguments that say what is erased. */
function whoseOf({ users, accounts }: Erasure) {
  return { '--USERS': users.join(','), '--ACCOUNTS': accounts.join(',') };
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
