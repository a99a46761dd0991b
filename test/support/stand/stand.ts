import { fileURLToPath } from 'node:url';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { environments } from '../../../handlers/environment.ts';
import { type AwsConnection, clientSettings } from '../../../ports/aws.ts';
import {
  type Answered,
  type Bundles,
  build,
  httpAnswer,
  type Lambda,
  request,
  type RequestParts,
  start,
} from '../lambda.ts';
import { type Moto, startMoto } from '../moto.ts';
import type { Asked } from '../rights/request.ts';
import { type Recorder, startRecorder } from '../rights/recorder.ts';
import { recordStack, type Recording } from '../stack.ts';
import { STACKS } from '../stacks.ts';
import { makeStack } from './make.ts';

const REDIRECT = new URL('redirect.mjs', import.meta.url).href;
const FUNCTION = 'aws:lambda/function:Function';
const FUNCTIONS = Object.keys(environments);
export const SECRETS = {
  ingest: 'canary-ingest-secret-1\n',
  clients: JSON.stringify({
    garmin: 'canary-secret-of-garmin',
    oura: 'canary-secret-of-oura',
    withings: 'canary-secret-of-withings',
  }),
  'owner-token': 'canary-token-of-the-owner',
};

const variables = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const failures = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** The recorded stack with everything on, at work: its parts on moto under their recorded names, its functions in processes of their own. */
export interface Stand {
  readonly stack: Recording;
  readonly connection: AwsConnection;
  /** What the stack gives a function, by name. */
  environment(name: string): Readonly<Record<string, string>>;
  call(name: string, event: unknown): Promise<Answered>;
  /** A request through the HTTP API: to the doors or to the pages, as its routes say. */
  ask(method: string, path: string, parts?: RequestParts): Promise<z.output<typeof httpAnswer>>;
  /** Hands on what rules have told until nothing is left; answers how often each function was called. Messages that failed stay for the next time. */
  settle(): Promise<Readonly<Record<string, number>>>;
  /** A function in a process of its own with some variables set differently, from now on. */
  restart(name: string, changed?: Readonly<Record<string, string>>): Promise<void>;
  /** Everything each function asked AWS for. */
  asked(): Readonly<Record<string, readonly Asked[]>>;
  /** Every event a rule told a function of. */
  told(): readonly string[];
  /** Everything the functions wrote to their logs. */
  said(): string;
  close(): Promise<void>;
}

/** `providersAt`: where hosts of providers are on this machine. */
export async function openStand(providersAt: () => Readonly<Record<string, string>>): Promise<Stand> {
  const [bundles, stack]: [Bundles, Recording] = await Promise.all([
    build(...FUNCTIONS),
    recordStack(STACKS.everything),
  ]);
  const moto: Moto = await startMoto();
  const { connection } = moto;
  const arns = await makeStack(stack, connection, SECRETS).catch(async (error: unknown) => {
    await moto.stop();
    throw error;
  });
  const sqs = new SQSClient(clientSettings(connection));
  const prefix = `${stack.project}-${stack.stack}`;
  const running = new Map<string, Lambda>();
  const recorders = new Map<string, Recorder>();
  let ended = '';
  const told: string[] = [];
  const left: { readonly QueueUrl: string | undefined; readonly ReceiptHandle: string }[] = [];

  const recorded = new Map([...arns].map(([was, is]) => [is, was]));
  const asRecorded = (one: Asked): Asked => ({
    ...one,
    calls: one.calls.map((call) => ({ ...call, resource: recorded.get(call.resource) ?? call.resource })),
  });
  const environment = (name: string): Readonly<Record<string, string>> => {
    const found = stack.resources.find((one) => one.type === FUNCTION && one.name === name);
    return variables.parse(found?.props).environment.variables;
  };
  async function run(name: string, changed: Readonly<Record<string, string>> = {}): Promise<Lambda> {
    const recorder = recorders.get(name) ?? (await startRecorder(moto.url));
    recorders.set(name, recorder);
    const lambda = start(bundles.out, name, {
      ...Object.fromEntries(Object.entries(environment(name)).map(([key, value]) => [key, arns.get(value) ?? value])),
      AWS_LAMBDA_FUNCTION_NAME: `${prefix}-${name}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_ENDPOINT_URL: recorder.url,
      NODE_OPTIONS: `--import ${fileURLToPath(REDIRECT)}`,
      PROVIDERS_AT: JSON.stringify(providersAt()),
      ...changed,
    });
    running.set(name, lambda);
    return lambda;
  }
  const call = async (name: string, event: unknown): Promise<Answered> =>
    (running.get(name) ?? (await run(name))).call(event);
  async function end(name: string): Promise<void> {
    const lambda = running.get(name);
    await lambda?.stop();
    ended += lambda?.log() ?? '';
    running.delete(name);
  }

  /** The queue of what one function is to do: calls it with what is there, and takes away what is done. */
  async function work(
    name: string,
    queue: string,
  ): Promise<{ readonly calls: number; readonly failed: readonly string[] }> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    const failed: string[] = [];
    let calls = 0;
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1800 }),
      );
      if (Messages.length === 0) return { calls, failed };
      const records = Messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }));
      calls += 1;
      told.push(...records.map(({ body }) => body));
      const events = name === 'collect' ? [{ Records: records }] : records.map(({ body }): unknown => JSON.parse(body));
      const answers = [];
      for (const event of events) answers.push(await call(name, event));
      const back = new Set(
        answers
          .flatMap(({ value }) => failures.safeParse(value).data?.batchItemFailures ?? [])
          .map((one) => one.itemIdentifier),
      );
      const isLost = answers.some(({ error }) => error !== undefined);
      for (const { MessageId = '', ReceiptHandle } of Messages) {
        if (!isLost && !back.has(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        else failed.push(ReceiptHandle ?? '');
      }
    }
  }
  const queues: Readonly<Record<string, string>> = {
    collect: `${prefix}-work`,
    readings: `${prefix}-readings`,
    forget: `${prefix}-forget`,
    export: `${prefix}-export`,
  };

  return {
    stack,
    connection,
    environment,
    call,
    async ask(method, path, parts) {
      const name = path.startsWith('/webhooks/') || path === '/healthz' ? 'receive' : 'web';
      return httpAnswer.parse((await call(name, request(method, path, parts))).value);
    },
    async settle() {
      const calls: Record<string, number> = {};
      for (let before = -1, now = 0; before !== now;) {
        before = now;
        for (const [name, queue] of Object.entries(queues)) {
          const done = await work(name, queue);
          now += done.calls;
          calls[name] = (calls[name] ?? 0) + done.calls;
          const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
          left.push(...done.failed.map((ReceiptHandle) => ({ QueueUrl, ReceiptHandle })));
        }
      }
      // What failed is hidden for a while and comes again; here at the next settling.
      for (const one of left.splice(0))
        await sqs.send(new ChangeMessageVisibilityCommand({ ...one, VisibilityTimeout: 0 }));
      return calls;
    },
    async restart(name, changed = {}) {
      await end(name);
      await run(name, changed);
    },
    asked: () =>
      Object.fromEntries(FUNCTIONS.map((name) => [name, (recorders.get(name)?.asked ?? []).map(asRecorded)])),
    told: () => told,
    said: () => ended + [...running.values()].map((one) => one.log()).join(''),
    async close() {
      for (const name of running.keys()) await end(name);
      await Promise.all([...recorders.values()].map((one) => one.stop()));
      await moto.stop();
      await bundles.remove();
    },
  };
}
