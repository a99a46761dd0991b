import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { WellspringError } from '../../app/errors.ts';

/** What a stack says of itself (contract: stack outputs). */
const outputs = z.object({
  url: z.url(),
  rawBucket: z.string(),
  lakeBucket: z.string(),
  athenaWorkgroup: z.string(),
  athenaDatabase: z.string(),
  glueWorkflow: z.string(),
  busName: z.string(),
  summaryTopicArn: z.string(),
  ownerTokenSecretArn: z.string().regex(/^arn:/),
  // A stack of before has none of these.
  engine: z.enum(['small', 'spark']).optional(),
  alertsTopicArn: z.string().optional(),
  deadLetterQueues: z.object({ undelivered: z.url(), failed: z.url(), missed: z.url(), fetches: z.url() }).optional(),
});
export type StackOutputs = z.infer<typeof outputs>;

/** Runs a program and answers what it wrote to stdout; rejects when it fails or there is none. */
export type Run = (command: string, words: readonly string[]) => Promise<string>;

const MOST_BYTES = 1 << 20;

const runHere: Run = async (command, words) =>
  (await promisify(execFile)(command, [...words], { maxBuffer: MOST_BYTES })).stdout;

/** The outputs of a stack of this project, asked of Pulumi in the present folder. Throws `no_pulumi`, `unknown_stack`, `stack_not_up` (exit 2). */
export async function readOutputs(stack: string, run: Run = runHere): Promise<StackOutputs> {
  const text = await run('pulumi', ['stack', 'output', '--json', '--stack', stack]).catch((cause: unknown) => {
    throw isMissing(cause) ? noPulumi() : unknownStack(stack, cause);
  });
  const parsed = outputs.safeParse(readJson(text));
  if (!parsed.success) throw notUp(stack);
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function noPulumi(): WellspringError {
  return new WellspringError({
    code: 'no_pulumi',
    message: 'The program pulumi was not found; --stack asks it where the stack is.',
    remedy: 'Install it (https://www.pulumi.com/docs/install/), or use --url and --token.',
    exit: 2,
  });
}

function unknownStack(stack: string, cause: unknown): WellspringError {
  return new WellspringError({
    code: 'unknown_stack',
    message: `Pulumi could not read the stack ${stack}.`,
    remedy: 'Run it in the folder of Pulumi.yaml, after pulumi login; pulumi stack ls shows the stacks.',
    exit: 2,
    cause,
  });
}

function notUp(stack: string): WellspringError {
  return new WellspringError({
    code: 'stack_not_up',
    message: `The stack ${stack} has no outputs yet, or those of another program.`,
    remedy: 'Run pulumi up.',
    exit: 2,
  });
}
