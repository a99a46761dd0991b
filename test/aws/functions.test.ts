import { readFile } from 'node:fs/promises';
import { CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser } from '../../app/people.ts';
import { environments } from '../../handlers/environment.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { makeBucket, makeTable, makeTopic, s3Client } from '../support/aws-made.ts';
import { type Bundles, build, httpAnswer, type Lambda, request, start } from '../support/lambda.ts';
import { type Landing, openLanding } from '../support/landing.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';

// Every bundle in a process of its own, called as the stack calls it. moto asks no role whether it may, and runs no job and no query.

const OWNER = 'a-made-up-owner-token';
const CANARIES = [OWNER, 'a-made-up-ingest-secret', 'oura-client-secret'];
const names = Object.keys(environments);
const fixture = new URL('../fixtures/myfitnesspal/Nutrition-Summary-2024-07-02-to-2026-03-02.csv', import.meta.url);

const eventOf = (type: string, detail: object) => ({
  'detail-type': type,
  source: 'wellspring',
  detail: { schema: 1, ...detail },
});

describe.skipIf(!hasMoto)('functions on AWS', () => {
  let moto: Moto;
  let bundles: Bundles;
  let landing: Landing;
  let table: string;
  let anna: string;
  let variables: Readonly<Record<string, string>>;
  const running = new Map<string, Lambda>();

  beforeAll(async () => {
    [moto, bundles] = await Promise.all([startMoto(), build(...names)]);
    const { connection } = moto;
    landing = await openLanding(moto, 'all', {
      ingest: 'a-made-up-ingest-secret',
      clients: { oura: 'oura-client-secret' },
    });
    const owner = new CreateSecretCommand({ Name: 'all/owner', SecretString: OWNER });
    const { ARN = '' } = await new SecretsManagerClient(clientSettings(connection)).send(owner);
    await new GlueClient(clientSettings(connection)).send(new CreateWorkflowCommand({ Name: 'all-transform' }));
    table = await makeTable(connection);
    variables = {
      ...landing.environment,
      STATE_TABLE: table,
      PUBLIC_URL: 'https://health.example.org',
      ZONE: 'Europe/Paris',
      VAULT_PREFIX: 'all/kept',
      LOOKBACK_DAYS: '7',
      FIRST_FETCH_DAYS: '7',
      ATHENA_WORKGROUP: 'primary',
      DATABASE: 'all',
      LAKE_BUCKET: await makeBucket(connection),
      RESULTS_BUCKET: await makeBucket(connection),
      SUMMARY_TOPIC: await makeTopic(connection),
      MAIL_DETAIL: 'full',
      WORKFLOW: 'all-transform',
      ERASE_JOB: 'all-erase',
      UNCLAIMED_DAYS: '7',
      LOG_DAYS: '30',
      ARCHIVE_DAYS: '30',
      BATCH_WINDOW_SECONDS: '900',
      SAMPLES: 'true',
      OWNER_TOKEN: ARN,
    };
    const [clock, ids] = [createSystemClock(), createRandomIds()];
    const people = {
      objects: createS3Objects({ bucket: variables['RAW_BUCKET'] ?? '', connection }),
      state: createDynamoState({ table, clock, ids, connection }),
      bus: { publish: async () => [] },
    };
    anna = (await addUser({ ...people, clock, ids, zone: 'Europe/Paris' }, { name: 'Anna' })).user_id;
  }, 180_000);
  afterAll(async () => {
    const said = [...running.values()].map((one) => one.log()).join('');
    await Promise.all([...running.values()].map((one) => one.stop()));
    await moto.stop();
    await bundles.remove();
    for (const canary of CANARIES) expect(said).not.toContain(canary);
  });

  const call = (name: string, event: unknown) => {
    const there =
      running.get(name) ?? start(bundles.out, name, { ...variables, AWS_LAMBDA_FUNCTION_NAME: `all-${name}` });
    running.set(name, there);
    return there.call(event);
  };
  const web = async (path: string, headers: Record<string, string> = {}) =>
    httpAnswer.parse((await call('web', request('GET', path, { headers }))).value);

  test('pages come with their styles, the API with its description, and what it knows to the owner alone', async () => {
    const described = await web('/openapi.json');
    expect([described.statusCode, JSON.parse(described.body).info]).toEqual([
      200,
      { title: 'Wellspring', version: '0.1.0' },
    ]);
    const page = await web('/signin');
    const [style = ''] = /\/assets\/style\.[0-9a-f]+\.css/.exec(page.body) ?? [];
    const css = await web(style);
    const base = await readFile(new URL('../../dashboard/assets/base.css', import.meta.url), 'utf8');
    expect([css.statusCode, css.body.includes(base)]).toEqual([200, true]);
    expect((await web('/api/v1/metrics')).statusCode).toBe(401);
    const metrics = await web('/api/v1/metrics', { authorization: `Bearer ${OWNER}` });
    expect([metrics.statusCode, metrics.body.includes('resting_heart_rate_bpm')]).toEqual([200, true]);
  });

  test('whoever signed in is sent to the provider, by the library that is part of the bundle', async () => {
    const origin = 'https://health.example.org';
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin };
    const signIn = request('POST', '/signin', {
      body: `token=${OWNER}`,
      headers: { ...form, host: 'health.example.org' },
    });
    const signedIn = httpAnswer.parse((await call('web', signIn)).value);
    const cookies = signedIn.cookies?.map((cookie) => cookie.split(';')[0] ?? '') ?? [];
    expect([signedIn.statusCode, cookies.length]).toEqual([303, 1]);
    const asked = request('GET', '/oauth/oura/start', { cookies, query: `user_id=${anna}` });
    const { statusCode, headers } = httpAnswer.parse((await call('web', asked)).value);
    const location = new URL(headers['location'] ?? 'about:blank');
    expect([statusCode, location.origin, location.searchParams.get('client_id')]).toEqual([
      302,
      'https://cloud.ouraring.com',
      'oura-app',
    ]);
    expect(location.searchParams.get('redirect_uri')).toBe('https://health.example.org/oauth/oura/callback');
  });

  test('of messages of the work queue the one nobody understands comes again, the others are done', async () => {
    const notice = { key: 'raw/2026-03-01/withings/a_nobody/notice-x.1.json', provider: 'withings' };
    const { value } = await call('collect', {
      Records: [
        { messageId: 'm1', body: 'not JSON' },
        { messageId: 'm2', body: JSON.stringify(eventOf('Notice Stored', notice)) },
        {
          messageId: 'm3',
          body: JSON.stringify(eventOf('Connection Changed', { connection_id: 'c_x', change: 'revoked' })),
        },
        { messageId: 'm4', body: JSON.stringify(eventOf('Something Else', {})) },
        {
          messageId: 'm5',
          body: JSON.stringify(eventOf('Work Asked', { work: { kind: 'collect', provider: 'withings' } })),
        },
      ],
    });
    expect(value).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm4' }] });
  });

  test('a file of the inbox is imported under its real name, however S3 writes it, and taken away', async () => {
    const { connection } = moto;
    const folder = `inbox/myfitnesspal/${anna}`;
    const file = {
      Bucket: variables['RAW_BUCKET'],
      Key: `${folder}/Nutrition Summary+1.csv`,
      Body: await readFile(fixture),
    };
    await s3Client(connection).send(new PutObjectCommand(file));
    const key = `${folder}/Nutrition+Summary%2B1.csv`;
    const { error } = await call('import', { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }] });
    expect(error).toBeUndefined();
    expect(await landing.keys(folder)).toEqual([]);
    // Under a name without dates the file states no range: a month is an object where it has a row.
    const months = new Set((await readFile(fixture, 'utf8')).match(/^\d{4}-\d{2}/gm));
    expect((await landing.keys('raw/')).filter((one) => one.includes('/myfitnesspal/'))).toHaveLength(months.size);
  });

  test('a file nobody told of is found by the clock', async () => {
    const folder = `inbox/myfitnesspal/${anna}`;
    const [Bucket, Key] = [variables['RAW_BUCKET'], `${folder}/again.csv`];
    await s3Client(moto.connection).send(new PutObjectCommand({ Bucket, Key, Body: await readFile(fixture) }));
    expect((await call('import', {})).error).toBeUndefined();
    expect(await landing.keys(folder)).toEqual([]);
  });

  test('what the clock calls ends well where there is nothing to do', async () => {
    const answers = [];
    for (const name of ['collect', 'summarize', 'sweep', 'forget', 'import'])
      answers.push([name, (await call(name, {})).error]);
    expect(answers).toEqual(['collect', 'summarize', 'sweep', 'forget', 'import'].map((name) => [name, undefined]));
  });

  test('an event of a batch nobody finished changes no readings, and an export nobody asked for is not built', async () => {
    const batch = eventOf('Batch Published', { batch_id: 'b_20260301t060000z_aaaaaa', users: [], days: 0 });
    expect((await call('readings', batch)).value).toEqual({ batches: 0, sent: 0, alerts: 0 });
    const asked = eventOf('Work Asked', { work: { kind: 'export', user_id: 'u_x', export_id: 'e_x' } });
    expect(await call('export', asked)).not.toHaveProperty('error');
  });

  test('an event of an unknown shape is an error by its code, and nothing of it is told', async () => {
    const strange = { Records: [{ name: 'a-canary-in-an-event' }], provider: 7 };
    for (const name of names.filter((one) => one !== 'receive' && one !== 'web')) {
      expect([name, (await call(name, strange)).error]).toEqual([name, 'Error: unknown_event']);
      expect(running.get(name)?.log()).toContain('"code":"unknown_event"');
      expect(running.get(name)?.log()).not.toContain('a-canary');
    }
  });
});
