import { type Check, type Checked, examine } from '../../../app/doctor/check.ts';
import type { AwsConnection } from '../../../ports/aws.ts';
import { createGlueWorkflow, type WorkflowRun } from '../../../ports/engine/glue.ts';
import { countSubscriptions } from '../../../ports/notifier/sns-topic.ts';
import { createSqsQueue } from '../../../ports/queue/sqs.ts';
import type { StackOutputs } from '../outputs.ts';
import { yours } from '../yours.ts';

/** A stack, and how AWS is asked. */
export interface Watched {
  readonly outputs: StackOutputs;
  readonly connection: AwsConnection;
}

const OLD = 'The stack is of an older version and does not say where they are.';
const UP = 'Run pulumi up.';
/** What stays there after a run of docs/operations.md has been followed. */
const REDRIVE = 'wellspring redrive --stack does it again; docs/operations.md says what each is:';

const LETTERS: Readonly<Record<keyof NonNullable<StackOutputs['deadLetterQueues']>, readonly [string, string]>> = {
  undelivered: ['events no target took', '#undelivered-events'],
  failed: ['calls of functions that failed', '#failed-calls'],
  missed: ['schedules that called nobody', '#missed-schedules'],
  fetches: ['pieces of fetching that were put aside', '#failed-fetches'],
};

/** Things that were given up and wait for somebody. */
const letters: Check<Watched> = {
  id: 'dead_letters',
  required: false,
  async run({ outputs: { deadLetterQueues: queues }, connection }) {
    if (queues === undefined) return [{ ok: false, detail: `Dead letters: ${OLD}`, remedy: UP }];
    const found = Object.entries(LETTERS).map(async ([of, [words, part]]) => {
      const url = new Map(Object.entries(queues)).get(of) ?? '';
      const depth = await createSqsQueue({ url, connection }).depth();
      const detail = `Dead letters: ${depth} ${words}.`;
      return depth === 0 ? { ok: true, of, detail } : { ok: false, of, detail, remedy: `${REDRIVE} ${part}` };
    });
    return Promise.all(found);
  },
};

/** Readers of alarms: none is mailed who has not said yes. */
const alerts: Check<Watched> = {
  id: 'alerts',
  required: false,
  async run({ outputs: { alertsTopicArn: arn }, connection }) {
    if (arn === undefined) return [{ ok: false, detail: `Readers of alarms: ${OLD}`, remedy: UP }];
    const { all, pending } = await countSubscriptions(arn, connection);
    const detail = `Alarms are mailed to ${all - pending} addresses; ${pending} wait to be confirmed.`;
    if (all > 0 && pending === 0) return [{ ok: true, detail }];
    const remedy =
      all === 0
        ? "Name one: pulumi config set --path 'emails[0]' you@example.org, and pulumi up."
        : 'Open the mail "AWS Notification - Subscription Confirmation" and follow its link; after two days SNS drops it, and it is taken out of emails and named again.';
    return [{ ok: false, detail, remedy }];
  },
};

/** Whether the workflow ever ran, and how its last run ended. */
const workflow: Check<Watched> = {
  id: 'workflow',
  required: false,
  async run({ outputs: { glueWorkflow }, connection }) {
    const run = await createGlueWorkflow({ workflow: glueWorkflow, connection }).lastRun();
    if (run === undefined)
      return [{ ok: false, detail: 'The workflow never ran: nothing is published.', remedy: FIRST_RUN }];
    const { failed = 0, isActive } = run;
    if (failed === 0) return [{ ok: true, detail: `The last run of the workflow ${wordsOf(run)}.` }];
    const detail = `In the ${isActive ? 'running' : 'last'} run of the workflow (${run.id}) ${failed} jobs failed.`;
    return [{ ok: false, detail, remedy: 'docs/operations.md#a-run-of-the-transform-failed' }];
  },
};

const FIRST_RUN = 'wellspring process --stack starts it; the first push does too.';

function wordsOf({ startedAt, endedAt, isActive }: WorkflowRun): string {
  const began = `began ${new Date(startedAt).toISOString().slice(0, 16)}Z`;
  if (isActive || endedAt === undefined) return `${began} and goes on`;
  return `${began} and took ${Math.round((endedAt - startedAt) / 1000)} s`;
}

/** What is looked at with the AWS credentials of whoever runs this; nothing is changed. */
export function examineStack(watched: Watched): Promise<readonly Checked[]> {
  const checks = [letters, alerts, workflow].map((check) => ({
    ...check,
    run: (one: Watched) => check.run(one).catch(yours),
  }));
  return examine(checks, watched);
}
