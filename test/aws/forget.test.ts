import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from 'vitest';
import { takeFile, takeInbox } from '../../app/inbox.ts';
import { link } from '../../app/connections.ts';
import { syncDenied } from '../../app/denied.ts';
import { askExport, buildExport } from '../../app/export/asked.ts';
import { forget, resumeForgetting } from '../../app/forget.ts';
import { receiptText } from '../../app/forget/receipt.ts';
import { readTombstone } from '../../app/forget/tombstone.ts';
import { handIn } from '../../app/import/hand-in.ts';
import { addUser } from '../../app/people.ts';
import { createWebhooks } from '../../app/webhooks.ts';
import { accountOf } from '../../providers/kit/account.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createS3Exports } from '../../ports/exports/s3.ts';
import { createS3Inbox } from '../../ports/inbox/s3.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createS3Premises } from '../../ports/premises/s3.ts';
import { createDynamoState } from '../../ports/state/dynamodb.ts';
import { createSecretsManagerVault } from '../../ports/vault/secrets-manager.ts';
import { type Aws, onAws } from '../support/aws.ts';
import { makeBucket, makeTable, nameOf, s3Client } from '../support/aws-made.ts';
import { fixture } from '../support/fixture.ts';
import { openPages } from '../support/pages.ts';

// What this cannot prove: that the role of `forget` has the rights, and the tables' rows themselves, which the job erases (test/spark).

const ANN = 'd3315b1072421d0dd7c8f6b8e1de4df8';
const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';
const LATER = [{ place: 'Backups of the records', what: 'ids and settings', gone_after_days: 35 }];

const fileOf = (user_id: string) => ({ provider: 'myfitnesspal', user_id, name: 'diary.csv' });

/** A household in a stack: two people, and something of hers and of his in each place of the buckets. */
async function furnish(aws: Aws) {
  const { connection } = aws;
  const [raw, lake, results] = [
    await makeBucket(connection),
    await makeBucket(connection),
    await makeBucket(connection),
  ];
  const { runtime: pages, clock: standing } = openPages();
  // Waits pass at once; deadlines, which can be called off, stay.
  const clock: Clock = {
    now: () => standing.now(),
    sleep: async (ms, signal) => (signal === undefined ? standing.advance(ms) : standing.sleep(ms, signal)),
  };
  const ids = createRandomIds();
  const state = createDynamoState({ table: await makeTable(connection), clock, ids, connection });
  const vault = createSecretsManagerVault({ prefix: nameOf('kept'), state, ids, connection });
  const objects = createS3Objects({ bucket: raw, connection });
  const inbox = createS3Inbox({ bucket: raw, connection });
  const exports = createS3Exports({ bucket: results, connection });
  const premises = createS3Premises({ raw, lake, results, later: LATER, connection });
  const rows = new Set<string>();
  const engine: typeof pages.engine = {
    ...pages.engine,
    countErasure: async ({ users }) => ({ daily_metrics: users.filter((user) => rows.has(user)).length }),
    erase: async ({ users }) => users.forEach((user) => rows.delete(user)),
    extract: async function* () {},
  };
  const denied = () => syncDenied({ state, objects });
  const runtime = { ...pages, clock, ids, state, vault, objects, inbox, exports, premises, engine, denied };

  const [ann, ben] = [await addUser(runtime, { name: 'Ann Åberg' }), await addUser(runtime, { name: 'Ben' })];
  rows.add(ann.user_id).add(ben.user_id);
  await link(runtime, { provider: 'garmin', user: ann, externalId: ANN });
  const door = `/webhooks/garmin/${runtime.keyring.issue('garmin', 'path', 'k1')}`;
  const push = async (body: string) =>
    (
      await createWebhooks(runtime).request(door, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      })
    ).status;
  expect(await push(fixture('garmin/spec-push-dailies-two-users.json'))).toBe(200);
  for (const { user_id } of [ann, ben]) await handIn(runtime, fileOf(user_id), Buffer.from(`${DIARY}\n`));
  expect(await takeInbox(runtime, inbox)).toMatchObject({ imported: 2, refused: 0, waiting: 0 });
  for (const { user_id } of [ann, ben]) {
    // One that still waits.
    await handIn(runtime, fileOf(user_id), Buffer.from(DIARY));
    const wanted = { userId: user_id, id: ids.id('e', 16) };
    await askExport(runtime, wanted);
    await buildExport(runtime, wanted);
  }
  const client = s3Client(connection);
  const put = (Bucket: string, Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  await put(results, 'answers/0001.csv', `${ann.user_id},10000`);
  await put(raw, `inbox/garmin/Ann Åberg/by hand.json`, '{}');
  // A file of a table that was written again, and one that was removed: older versions hold her rows.
  for (const body of [ann.user_id, 'without her']) await put(lake, 'tables/daily_metrics/a.parquet', body);
  await put(lake, 'tables/daily_metrics/b.parquet', ann.user_id);
  await client.send(new DeleteObjectCommand({ Bucket: lake, Key: 'tables/daily_metrics/b.parquet' }));

  const versions = async (Bucket: string): Promise<readonly string[]> => {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    return all.map(({ Key = '', IsLatest }) => `${Key}${IsLatest === true ? '' : ' (old)'}`).toSorted();
  };
  const everything = async () => ({
    raw: await versions(raw),
    lake: await versions(lake),
    results: await versions(results),
  });
  return { runtime, premises, inbox, ann, ben, rows, push, put, raw, everything };
}

type Stand = Awaited<ReturnType<typeof furnish>>;

/** Of everybody else what there was, of her nothing, in any version. */
async function expectForgotten(stand: Stand, before: Awaited<ReturnType<Stand['everything']>>): Promise<void> {
  const { runtime, ann, ben, rows } = stand;
  const hers = [ann.user_id, accountOf('garmin', ANN), accountOf('myfitnesspal', `file:${ann.user_id}`), 'Ann'];
  const own = accountOf('wellspring', `user:${ann.user_id}`);
  const isHers = (key: string): boolean => [...hers, own].some((word) => key.includes(word));
  const now = await stand.everything();
  const kept = (keys: readonly string[]) => keys.filter((key) => !isHers(key) && !key.startsWith('answers/'));
  expect(now.raw.filter((key) => !key.startsWith('denied/'))).toEqual(kept(before.raw));
  expect(now.results).toEqual(kept(before.results));
  expect(now.lake).toEqual(['tables/daily_metrics/a.parquet']);
  // All that is left of her: opaque ids, so that nothing new is kept.
  const records = (await runtime.state.everything()).filter((one) => isHers(JSON.stringify(one)));
  expect(records.map(({ kind }) => kind)).toEqual(['forget']);
  expect([...rows]).toEqual([ben.user_id]);
  expect(now.raw).toContain(`denied/accounts/${accountOf('garmin', ANN)}`);
}

onAws((aws) => {
  let stand: Stand;
  let before: Awaited<ReturnType<Stand['everything']>>;
  beforeEach(async () => {
    stand = await furnish(aws);
    before = await stand.everything();
  });

  test('no version of anything of hers is left in any bucket, his is as it was, and the receipt says what goes when', async () => {
    const { runtime, premises, ann } = stand;
    const hers = [ann.user_id, accountOf('garmin', ANN), accountOf('myfitnesspal', `file:${ann.user_id}`), 'Ann Åberg'];
    for (const word of hers) expect(before.raw.filter((key) => key.includes(word))).not.toEqual([]);
    expect(before.lake).toHaveLength(4);
    const receipt = await forget(runtime, premises, ann.user_id);
    expect(receipt).toMatchObject({ found: {}, finished_at: expect.any(String) });
    const places = Object.fromEntries(receipt.places.map(({ place, removed }) => [place, removed]));
    // One file was imported, one and one by hand wait in the inbox, one export was built.
    expect(places).toMatchObject({
      'imported files': 1,
      'files in the inbox': 2,
      exports: 1,
      'rows of daily_metrics': 1,
    });
    await expectForgotten(stand, before);
    // 35 days after 5 March 2026 is 9 April.
    expect(receiptText(receipt)).toContain('Backups of the records (ids and settings): gone by 2026-04-09');
  });

  test('stopped anywhere on its way, it comes to the same end when it is gone on with', async () => {
    const { runtime, premises, ann } = stand;
    const phases = new Set<string>();
    let step = 0;
    // Each time it dies some steps further on, until it comes through.
    for (let fatal = 3; ; fatal += 9) {
      step = 0;
      const dying = <T extends object>(subject: T): T =>
        new Proxy(subject, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name);
            if (typeof value !== 'function') return value;
            return (...parameters: unknown[]): unknown => {
              step += 1;
              if (step >= fatal) throw new Error('killed');
              return Reflect.apply(value, target, parameters);
            };
          },
        });
      const { state, objects, vault } = runtime;
      const mortal = { ...runtime, state: dying(state), objects: dying(objects), vault: dying(vault) };
      const work =
        fatal === 3 ? forget(mortal, dying(premises), ann.user_id) : resumeForgetting(mortal, dying(premises));
      const end = await work.then(
        () => 'through',
        () => 'killed',
      );
      // Whoever held the lease is dead: its time passes.
      await runtime.clock.sleep(16 * 60_000);
      phases.add((await readTombstone(state, ann.user_id))?.phase ?? 'none');
      if (end === 'through' && phases.has('done')) break;
      if (fatal === 3)
        await forget(runtime, { ...premises, count: () => Promise.reject(new Error('killed')) }, ann.user_id).catch(
          () => undefined,
        );
      expect(fatal).toBeLessThan(1000);
    }
    expect([...phases]).toEqual(expect.arrayContaining(['counting', 'purging', 'done']));
    await expectForgotten(stand, before);
  });

  test('a file that comes at an address that outlived her is taken away', async () => {
    const { runtime, premises, inbox, ann, put, raw } = stand;
    const key = `inbox/myfitnesspal/${ann.user_id}/up_aaaabbbbccccdddd/late.csv`;
    await forget(runtime, premises, ann.user_id);
    await put(raw, key, DIARY);
    const file = await inbox.at(key);
    if (file === undefined) throw new Error('not there');
    expect(await takeFile(runtime, inbox, file)).toEqual({ outcome: 'gone', objects: 0 });
    await expectForgotten(stand, before);
  });
});
