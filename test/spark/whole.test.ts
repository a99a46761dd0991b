// The whole path: push and fetch, storage, event, the jobs, their tables, readings, an answer of the API. What is played is AWS (moto, which
// starts no job by itself: it is started here) and the provider that is fetched from; the functions are the bundles, the jobs the scripts.
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { transform } from '../../app/transform.ts';
import { createApp } from '../../local/app.ts';
import { openRuntime } from '../../local/runtime.ts';
import { clientSettings } from '../../ports/aws.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { hasSpark } from '../support/spark-here.ts';
import { type Spark, startSpark } from '../support/spark.ts';
import { bucketAt } from '../support/stand/bucket.ts';
import { connectScale, type Household, openHousehold, SCALES } from '../support/stand/household.ts';
import { SECRETS } from '../support/stand/stand.ts';

const DAY_MS = 86_400_000;
/** What pages and programs read, by way of the readings. */
const LISTS = ['daily', 'sleep', 'workouts', 'meals', 'scores', 'readiness', 'anomalies'];
/** Columns that tell of a run and not of a person. */
const OURS = new Set(['updated_at', 'batch_id', 'model_version']);

/** All rows there are. A refusal is shown by not being this. */
const answer = z.strictObject({
  schema_version: z.number().optional(),
  items: z.array(z.record(z.string(), z.unknown())),
  next_cursor: z.null(),
});
const link = z.object({ webhook_url: z.string(), token: z.string().optional() });

/** A test that runs over midnight asks for the days it has sent. */
const BEGUN = Date.now();
const day = (ago: number): string => new Date(BEGUN - ago * DAY_MS).toISOString().slice(0, 10);
const startS = (ago: number): number => Date.parse(day(ago)) / 1000;

/** Three days and a night of a watch. */
const watch = () => ({
  dailies: [4, 3, 2].map((ago) => ({
    userId: 'g-1',
    summaryId: `d-${ago}`,
    calendarDate: day(ago),
    startTimeInSeconds: startS(ago),
    startTimeOffsetInSeconds: 0,
    durationInSeconds: 86_400,
    steps: 1000 * ago,
    restingHeartRateInBeatsPerMinute: 50 + ago,
  })),
  sleeps: [
    {
      userId: 'g-1',
      summaryId: 's-3',
      calendarDate: day(3),
      startTimeInSeconds: startS(3) - 3600,
      startTimeOffsetInSeconds: 0,
      durationInSeconds: 28_800,
      deepSleepDurationInSeconds: 7200,
      lightSleepDurationInSeconds: 14_400,
      remSleepInSeconds: 7200,
      awakeDurationInSeconds: 0,
      validation: 'ENHANCED_FINAL',
    },
  ],
});

const phone = () => ({
  data: {
    metrics: [{ name: 'step_count', units: 'count', data: [{ date: `${day(3)} 10:00:00 +0000`, qty: 777 }] }],
  },
});

describe.skipIf(!hasSpark)('from a push to an answer', () => {
  let house: Household;
  let spark: Spark;
  beforeAll(async () => {
    house = await openHousehold();
    const { stand } = house;
    const { connection } = stand;
    const { LAKE_BUCKET: lakeBucket = '', DATABASE: database = '' } = stand.environment('web');
    const { RAW_BUCKET: rawBucket = '', BUS: bus = '' } = stand.environment('receive');
    const glue = new GlueClient(clientSettings(connection));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
    spark = startSpark({ url: connection.endpoint ?? '', rawBucket, lakeBucket, database, bus });
  }, 300_000);
  afterAll(async () => {
    await spark.stop();
    await house.close();
  });

  test('the stack says of the same deliveries what one machine says', async () => {
    const { stand, api, ids } = house;
    const linked = async (provider: string, body: object) =>
      link.parse((await api('POST', `/api/v1/link/${provider}`, body)).said);
    const push = async (address: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
      const json = { 'content-type': 'application/json', ...headers };
      const sent = { body: JSON.stringify(body), headers: json };
      expect((await stand.ask('POST', new URL(address).pathname, sent)).statusCode).toBe(200);
    };
    const door = await linked('garmin', { user_id: ids.anna, external_id: 'g-1' });
    for (const [type, records] of Object.entries(watch())) await push(door.webhook_url, { [type]: records });
    const app = await linked('apple', { user_id: ids.ben });
    await push(app.webhook_url, phone(), { authorization: `Bearer ${app.token}` });
    await connectScale(house, ids.anna, SCALES.anna);
    expect((await stand.settle())['collect']).toBeGreaterThan(0);

    for (const job of ['silver', 'gold'] as const) expect((await spark.job(job)).error).toBeUndefined();
    expect((await stand.settle())['readings']).toBe(1);

    const machine = await oneMachine();
    for (const user of [ids.anna, ids.ben]) {
      for (const list of LISTS) {
        const query = `user_id=${user}&from=${day(60)}&to=${day(0)}`;
        const { said } = await api('GET', `/api/v1/${list}`, undefined, query);
        expect(theirs(said), list).toEqual(theirs(await machine(`/api/v1/${list}?${query}`)));
        if (list !== 'daily') continue;
        const values = theirs(said).map(
          (row) => `${String(row['local_date'])} ${String(row['metric'])} ${String(row['value'])}`,
        );
        // The watch's own total of that day, the weighing the scale's provider was asked for, the one count of the phone.
        const wanted =
          user === ids.anna ? [`${day(3)} steps 3000`, `${day(3)} weight_kg 71.9`] : [`${day(3)} steps 777`];
        expect(values).toEqual(expect.arrayContaining(wanted));
      }
    }
  });

  /** The same raw objects and people on one machine, published there; what its API answers as the owner. */
  async function oneMachine(): Promise<(path: string) => Promise<unknown>> {
    const ownerToken = SECRETS['owner-token'];
    const runtime = await openRuntime({ dataDir: temporaryDirectory(), ownerToken });
    const raw = bucketAt(house.stand.connection, house.stand.environment('receive')['RAW_BUCKET'] ?? '');
    for (const key of await raw.keys('raw/')) await runtime.objects.putIfAbsent(key, Buffer.from(await raw.read(key)));
    const people = z
      .object({ items: z.array(z.object({ user_id: z.string(), name: z.string(), zone: z.string() })) })
      .parse((await house.api('GET', '/api/v1/users')).said);
    for (const person of people.items) {
      const rest = { zone_since: null, units: null, email: null, priority: {} };
      await runtime.state.put('user', person.user_id, { ...person, ...rest });
    }
    await transform(runtime);
    const app = createApp(runtime);
    return async (path) => (await app.request(path, { headers: { authorization: `Bearer ${ownerToken}` } }, {})).json();
  }
});

/** The rows of an answer without what tells of the run. */
function theirs(said: unknown): readonly Readonly<Record<string, unknown>>[] {
  return answer
    .parse(said, { reportInput: true })
    .items.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !OURS.has(name))));
}
