import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { clientSettings } from '../../ports/aws.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { recordedObjects } from '../spark/corpus.ts';
import { type Bundles, build, type Lambda, start } from '../support/lambda.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';
import { judgeAsked } from '../support/rights/judge-asked.ts';
import { type Recorder, startRecorder } from '../support/rights/recorder.ts';
import { recordStack, type Recording } from '../support/stack.ts';
import { STACKS } from '../support/stacks.ts';
import { makeStack } from '../support/stand/make.ts';
import { SECRETS } from '../support/stand/stand.ts';

// The bundle of the function that computes, with what the recorded stack gives it, and its calls judged by its role. DuckDB is this machine's:
// that its library for arm64 loads in Lambda only an account shows.

/** Rights nobody is seen to use below, and why they are there: by how `function: statement action` begins. */
const UNSEEN: Readonly<Record<string, string>> = {
  'transform: WriteLogs': 'Lambda writes what the function says, as its role',
  'transform: SendDeadLetters': 'Lambda sends calls nobody waits for that failed three times, as its role',
  'transform: KeepTables glue:GetTables':
    'all tables are listed once a week, by the batch that removes what nobody can read any more',
  'transform: NoteBatch dynamodb:PutItem': 'that there was too much for this engine is noted',
  'transform: NoteBatch dynamodb:DeleteItem': 'and the note is taken away by the first batch that succeeds',
};
const given = z.object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) });
const answer = z.object({ outcome: z.string(), objects: z.number(), tables: z.record(z.string(), z.number()) });

describe.skipIf(!hasMoto)('the function that computes', () => {
  const objects = recordedObjects();
  let moto: Moto;
  let bundles: Bundles;
  let stack: Recording;
  let recorder: Recorder;
  let lambda: Lambda;

  beforeAll(async () => {
    [moto, bundles, stack] = await Promise.all([startMoto(), build('transform'), recordStack(STACKS.minimal)]);
    await makeStack(stack, moto.connection, SECRETS);
    const name = `${stack.project}-${stack.stack}`;
    const computes = stack.resources.find(
      (one) => one.custom && one.props['name'] === `${name}-transform` && 'memorySize' in one.props,
    );
    const { variables } = given.parse(computes?.props).environment;
    const glue = new GlueClient(clientSettings(moto.connection));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: variables['DATABASE'] } }));
    const raw = createS3Objects({ bucket: variables['RAW_BUCKET'] ?? '', connection: moto.connection });
    for (const { key, document } of objects) await raw.putIfAbsent(key, document);
    recorder = await startRecorder(moto.url);
    lambda = start(bundles.out, 'transform', {
      ...variables,
      AWS_LAMBDA_FUNCTION_NAME: `${name}-transform`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_ENDPOINT_URL: recorder.url,
    });
  }, 600_000);
  afterAll(async () => {
    await lambda.stop();
    await recorder.stop();
    await moto.stop();
    await bundles.remove();
  });

  test('makes tables of what is stored, and has nothing to do when it is called again', async () => {
    const { value, error } = await lambda.call({});
    expect(error, lambda.log()).toBeUndefined();
    const { outcome, objects: taken, tables } = answer.parse(value);
    expect([outcome, taken]).toEqual(['published', objects.length]);
    expect(tables['daily_metrics']).toBeGreaterThan(0);
    expect(answer.parse((await lambda.call({})).value)).toEqual({ outcome: 'idle', objects: 0, tables: {} });
  });

  test('tells what a rebuild would change, and rebuilds; of what it has just made itself that is nothing', async () => {
    const compared = { outcome: 'compared', objects: objects.length, added: {}, changed: {}, removed: {} };
    expect((await lambda.call({ rebuild: 'dry-run' })).value).toMatchObject(compared);
    expect((await lambda.call({ rebuild: 'apply' })).value).toMatchObject({ outcome: 'idle', tables: {} });
    expect((await lambda.call({ rebuild: 'all' })).error).toContain('unknown_event');
  }, 300_000);

  test('every call it made its role allows, and every right is used or stands in the table with its reason', () => {
    const { refused, hidden, unused } = judgeAsked(stack, { transform: recorder.asked });
    expect([refused, hidden]).toEqual([[], []]);
    const reasons = Object.keys(UNSEEN);
    expect(unused.filter((one) => !reasons.some((reason) => one.startsWith(reason)))).toEqual([]);
    expect(reasons.filter((reason) => !unused.some((one) => one.startsWith(reason)))).toEqual([]);
  });
});
