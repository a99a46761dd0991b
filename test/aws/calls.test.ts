import { CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser } from '../../app/people.ts';
import { type CallName, calls } from '../../infra/cost/calls.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import { makeBucket, makeTable, makeTopic } from '../support/aws-made.ts';
import { type Bundles, build, type Lambda, request, start } from '../support/lambda.ts';
import { openLanding } from '../support/landing.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';
import { type Recorder, startRecorder } from '../support/rights/recorder.ts';

// What docs/cost.md multiplies: the requests of one call of a running function, counted between the real bundle and moto. With one person
// and nothing to do; what work itself asks for is counted where the page says so.

const INGEST = 'a-made-up-ingest-secret';
const names = ['receive', 'web', 'collect', 'summarize', 'sweep', 'forget', 'readings'] as const;
type Name = (typeof names)[number];

const sum = (counted: Readonly<Record<string, number>>): number =>
  Object.values(counted).reduce((all, n) => all + n, 0);

/** The name of a zone turns its sign around: Etc/GMT+5 is five hours behind. */
function zoneAtThree(nowMs: number): string {
  const ahead = ((3 - new Date(nowMs).getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

describe.skipIf(!hasMoto)('requests of a call', () => {
  let moto: Moto;
  let bundles: Bundles;
  const started = new Map<Name, { readonly lambda: Lambda; readonly recorder: Recorder }>();

  beforeAll(async () => {
    [moto, bundles] = await Promise.all([startMoto(), build(...names)]);
    const { connection } = moto;
    const landing = await openLanding(moto, 'calls', { ingest: INGEST, clients: { withings: 'a-client-secret' } });
    const owner = new CreateSecretCommand({ Name: 'calls/owner', SecretString: 'a-made-up-owner-token' });
    const { ARN = '' } = await new SecretsManagerClient(clientSettings(connection)).send(owner);
    await new GlueClient(clientSettings(connection)).send(new CreateWorkflowCommand({ Name: 'calls-transform' }));
    const variables = {
      ...landing.environment,
      STATE_TABLE: await makeTable(connection),
      PUBLIC_URL: 'https://health.example.org',
      ZONE: 'Europe/Paris',
      VAULT_PREFIX: 'calls/kept',
      LOOKBACK_DAYS: '7',
      FIRST_FETCH_DAYS: '7',
      ATHENA_WORKGROUP: 'primary',
      DATABASE: 'calls',
      LAKE_BUCKET: await makeBucket(connection),
      RESULTS_BUCKET: await makeBucket(connection),
      SUMMARY_TOPIC: await makeTopic(connection),
      MAIL_DETAIL: 'full',
      WORKFLOW: 'calls-transform',
      ERASE_JOB: 'calls-erase',
      UNCLAIMED_DAYS: '7',
      LOG_DAYS: '30',
      ARCHIVE_DAYS: '30',
      BATCH_WINDOW_SECONDS: '900',
      OWNER_TOKEN: ARN,
    };
    const [clock, ids] = [createSystemClock(), createRandomIds()];
    const runtime = {
      objects: createS3Objects({ bucket: landing.environment['RAW_BUCKET'] ?? '', connection }),
      state: createDynamoState({ table: variables.STATE_TABLE, clock, ids, connection }),
      bus: { publish: async () => [] },
      clock,
      ids,
      zone: 'Europe/Paris',
    };
    // Where it is three at night: whenever this runs, no morning text is due.
    await addUser(runtime, { name: 'Anna', zone: zoneAtThree(clock.now()) });
    for (const name of names) {
      const recorder = await startRecorder(moto.url);
      const environment = {
        ...variables,
        AWS_ENDPOINT_URL: recorder.url,
        AWS_LAMBDA_FUNCTION_NAME: `calls-${name}`,
      };
      started.set(name, { lambda: start(bundles.out, name, environment), recorder });
    }
  }, 180_000);
  afterAll(async () => {
    for (const { lambda, recorder } of started.values()) {
      await lambda.stop();
      await recorder.stop();
    }
    await moto.stop();
    await bundles.remove();
  });

  /** What the second of two calls asks for, by operation: the first one opens the function. */
  async function countOf(name: Name, first: object, second: object = first): Promise<Readonly<Record<string, number>>> {
    const there = started.get(name);
    if (there === undefined) throw new Error(`${name} was not started.`);
    const { error } = await there.lambda.call(first);
    expect(error).toBeUndefined();
    const before = there.recorder.asked.length;
    await there.lambda.call(second);
    const counted: Record<string, number> = {};
    for (const { operation } of there.recorder.asked.slice(before)) counted[operation] = (counted[operation] ?? 0) + 1;
    return counted;
  }

  const door = `/webhooks/garmin/${createKeyring({ secrets: [INGEST] }).issue('garmin', 'path', 'k1')}`;
  const push = (id: string) =>
    request('POST', door, {
      body: `{"dailies":[{"userId":"g-1","summaryId":"${id}","calendarDate":"2026-03-01","startTimeInSeconds":1772323200,"steps":42}]}`,
      headers: { 'content-type': 'application/json' },
    });
  const batch = {
    'detail-type': 'Batch Published',
    source: 'wellspring',
    detail: { schema: 1, batch_id: 'b_20260301t060000z_aaaaaa', users: [], days: 0 },
  };
  const stated: Readonly<Record<string, Readonly<Record<string, number>>>> = calls;
  const asked: Readonly<Record<CallName, () => Promise<Readonly<Record<string, number>>>>> = {
    push: () => countOf('receive', push('s-1'), push('s-2')),
    page: () => countOf('web', request('GET', '/signin')),
    collect: () => countOf('collect', {}),
    summarize: () => countOf('summarize', {}),
    sweep: () => countOf('sweep', {}),
    forget: () => countOf('forget', {}),
    readings: () => countOf('readings', batch),
  };

  test.each(Object.entries(asked))(
    '%s: about as many as docs/cost.md reckons with, of the same kinds',
    async (name, count) => {
      const [counted, reckoned] = [await count(), stated[name] ?? {}];
      expect(Object.keys(counted).toSorted()).toEqual(Object.keys(reckoned).toSorted());
      // One more or less changes no cent; much more is a page that is no longer true.
      expect(Math.abs(sum(counted) - sum(reckoned)), JSON.stringify(counted)).toBeLessThanOrEqual(
        1 + sum(reckoned) / 5,
      );
    },
  );
});
