import { GetWorkflowRunCommand, GlueClient, StartWorkflowRunCommand } from '@aws-sdk/client-glue';
import { type AwsConnection, clientSettings, isRefusal, told } from '../aws.ts';

/** A run as it stands; `properties` are those it was started with and the figures its jobs have put beside them. */
export interface RunState {
  readonly isActive: boolean;
  /** Jobs of it that did not succeed. */
  readonly failed: number;
  readonly properties: Readonly<Record<string, string>>;
}

/** Single runs of a workflow, for whoever starts one that is to do something of its own. */
export interface WorkflowRuns {
  /** Starts a run whose jobs read these properties; answers its id, undefined while another run is active. */
  begin(properties: Readonly<Record<string, string>>): Promise<string | undefined>;
  look(id: string): Promise<RunState>;
}

const ACTIVE = ['RUNNING', 'STOPPING'];

/** Runs of a Glue workflow by its name. */
export function createGlueRuns(options: {
  readonly workflow: string;
  readonly connection?: AwsConnection;
}): WorkflowRuns {
  const Name = options.workflow;
  const client = new GlueClient(clientSettings(options.connection ?? {}));
  return {
    begin: (RunProperties) =>
      told('Starting the workflow', async () => {
        try {
          return (await client.send(new StartWorkflowRunCommand({ Name, RunProperties }))).RunId;
        } catch (error) {
          if (isRefusal(error, 'ConcurrentRunsExceededException')) return undefined;
          throw error;
        }
      }),
    look: (RunId) =>
      told('Looking at the run', async () => {
        const { Run } = await client.send(new GetWorkflowRunCommand({ Name, RunId }));
        const { FailedActions = 0, TimeoutActions = 0, StoppedActions = 0, ErroredActions = 0 } = Run?.Statistics ?? {};
        const failed = FailedActions + TimeoutActions + StoppedActions + ErroredActions;
        return {
          isActive: ACTIVE.includes(Run?.Status ?? ''),
          failed: Run?.Status === 'ERROR' ? Math.max(failed, 1) : failed,
          properties: Run?.WorkflowRunProperties ?? {},
        };
      }),
  };
}
