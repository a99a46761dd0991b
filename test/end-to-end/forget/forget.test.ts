import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disconnect, link } from '../../../app/connections.ts';
import { forget, resumeForgetting } from '../../../app/forget.ts';
import { readTombstone, writeTombstone } from '../../../app/forget/tombstone.ts';
import { addUser, listUsers } from '../../../app/people.ts';
import { transform } from '../../../app/transform.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { bucketOf } from '../../../ports/engine/duckdb/buckets.ts';
import { createPremises } from '../../../local/premises.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { openAnswering } from '../../support/answering.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { fixture } from '../../support/fixture.ts';
import { untilNoon } from '../crash/clock.ts';
import { dump } from '../crash/dump.ts';
import { copyOf } from '../crash/household.ts';
import { filesThatHold } from './canary.ts';
import { ANN, BEN, MAIL, NAME, RING, TOKENS, VALUES, at, furnish, push, watchDoor, type Home } from './home.ts';

const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
const NOWHERE = 'http://127.0.0.1:9';
let home: Home;
let accounts: readonly string[];
/** Words of hers that no encoding and no file may hold afterwards. */
let secrets: readonly string[];
let others: readonly string[];

const isHers = (row: string): boolean => [home.ann.user_id, ...accounts].some((id) => row.includes(id));
const rowsOf = async (runtime: LocalRuntime) => dump(runtime.console);

beforeAll(async () => {
  home = await at(full, shift, NOWHERE, furnish);
  const phone = home.token.split('.')[0] ?? '';
  accounts = [
    accountOf('garmin', ANN),
    accountOf('apple', phone),
    accountOf('myfitnesspal', `file:${home.ann.user_id}`),
    accountOf('oura', RING),
    accountOf('wellspring', `user:${home.ann.user_id}`),
  ];
  secrets = [NAME, MAIL, ...TOKENS, RING, ANN, phone, ...VALUES];
  others = (await at(full, shift, NOWHERE, rowsOf)).filter((row) => !isHers(row));
  expect(others.filter((row) => row.startsWith('daily_metrics ')).length).toBeGreaterThan(3);
});
afterAll(() => removeDirectory(root));

const fresh = (): string => copyOf(full, join(temporaryDirectory(), 'data'));
const forgotten = (runtime: LocalRuntime) => forget(runtime, createPremises(runtime.dataDir), home.ann.user_id);

const bodyOf = (text: string) => fixture('garmin/spec-push-dailies-two-users.json').replaceAll('EXAMPLE_6789', text);

test('before, she is in every place that is searched', () => {
  const places = new Set(filesThatHold(full, [...secrets, ...accounts]).map((found) => found.split(/[/:]/)[0]));
  const wanted = ['.tmp', 'exports', 'inbox', 'lake', 'outbox', 'raw', 'refused', 'state.db', 'tables', 'uploads'];
  expect(wanted.filter((place) => !places.has(place))).toEqual([]);
});

test('V1: afterwards nothing of her is found in any encoding but the tombstone, and everybody else is as before', async () => {
  const directory = fresh();
  const ring = await openAnswering((response) => response.writeHead(200).end('{}'));
  const receipt = await at(directory, shift, ring.url, forgotten);
  expect(receipt).toMatchObject({ user_id: home.ann.user_id, found: {} });
  expect(receipt.providers).toEqual([{ provider: 'oura', connection_id: expect.any(String), outcome: 'told' }]);
  expect(ring.asked.some(({ path }) => path.startsWith('/oauth/revoke?access_token='))).toBe(true);
  expect(filesThatHold(directory, secrets)).toEqual([]);
  // The tombstone is one record of the state: her id and her accounts, so that nothing new is kept.
  const ids = filesThatHold(directory, [home.ann.user_id, ...accounts]).filter(
    (found) => !found.startsWith('state.db'),
  );
  expect(ids).toEqual([]);
  await at(directory, shift, NOWHERE, async (runtime) => {
    expect(
      (await runtime.state.everything()).filter((one) => isHers(JSON.stringify(one))).map(({ kind }) => kind),
    ).toEqual(['forget']);
    expect(await rowsOf(runtime)).toEqual(others);
    expect((await listUsers(runtime)).map(({ name }) => name)).toEqual(['Ben']);
    expect((await runtime.mailbox?.list())?.map(({ userId }) => userId)).toEqual([home.ben.user_id]);
    // What is published is what raw says: a rebuild would change nothing.
    const load = (key: string): Promise<Uint8Array | undefined> => runtime.objects.get(key);
    const request = { batchId: 'b_check', now: runtime.clock.now(), listed: runtime.objects.list('raw/'), load };
    expect(await runtime.engine.compare(request)).toEqual([]);
  });
});

test('the receipt counts what there was, place by place', async () => {
  const counted = await at(fresh(), shift, NOWHERE, forgotten);
  const places = Object.fromEntries(counted.places.map(({ place, removed }) => [place, removed]));
  // One file was imported, two lay in her folders of the inbox, one export was built, one letter written; one broken delivery names her.
  expect(places).toMatchObject({
    'imported files': 1,
    'files in the inbox': 2,
    exports: 1,
    'morning texts': 1,
    'unreadable deliveries that name them': 1,
  });
  expect(places['raw objects']).toBeGreaterThan(8);
  expect(places['rows of daily_metrics']).toBeGreaterThan(3);
  expect(counted.places.at(-1)).toEqual({
    place: 'unreadable deliveries that name nobody',
    removed: 0,
    gone: '2026-11-28',
  });
});

test('the files of everybody else are not written again', async () => {
  const directory = fresh();
  const bens = (): readonly string[] =>
    readdirSync(join(directory, 'lake', 'daily_metrics', bucketOf(home.ben.user_id)));
  expect(bucketOf(home.ben.user_id)).not.toBe(bucketOf(home.ann.user_id));
  const before = bens();
  await at(directory, shift, NOWHERE, forgotten);
  // What an older batch had of him is gone with that batch.
  expect(before).toEqual(expect.arrayContaining([...bens()]));
  expect(readdirSync(join(directory, 'lake', 'manifests'))).toHaveLength(1);
});

test('V3: what is pushed for her afterwards is answered like anything else and leaves nothing; his is kept', async () => {
  const directory = fresh();
  await at(directory, shift, NOWHERE, forgotten);
  await at(directory, shift, NOWHERE, async (runtime) => {
    const body = fixture('garmin/spec-push-dailies-two-users.json').replaceAll('"steps": ', '"steps": 1');
    expect(await push(runtime, watchDoor(runtime), body)).toBe(200);
    expect(await push(runtime, '/webhooks/apple', fixture('apple/hae-workouts-v1.json'), home.token)).toBe(200);
    const { objects } = await transform(runtime);
    expect(objects).toBe(1);
    expect((await rowsOf(runtime)).filter(isHers)).toEqual([]);
  });
  expect(filesThatHold(directory, [ANN])).toEqual([]);
});

test('V5: a provider that does not answer is told later, with nothing kept but the sealed grant', async () => {
  const directory = fresh();
  const receipt = await at(directory, shift, NOWHERE, forgotten);
  expect(receipt.providers).toMatchObject([{ provider: 'oura', outcome: 'later' }]);
  expect(filesThatHold(directory, secrets)).toEqual([]);
  const ring = await openAnswering((response) => response.writeHead(200).end('{}'));
  await at(directory, shift, ring.url, async (runtime) => {
    await resumeForgetting(runtime, createPremises(directory));
    expect((await forgotten(runtime)).providers).toMatchObject([{ provider: 'oura', outcome: 'told' }]);
    expect(ring.asked.map(({ path }) => path)).toEqual([`/oauth/revoke?access_token=${TOKENS[0]}`]);
    expect(await runtime.vault.ids('')).toEqual([]);
  });
});

test('an account somebody links anew is theirs from then on, and forgetting goes on for the others', async () => {
  const directory = fresh();
  await at(directory, shift, NOWHERE, forgotten);
  await at(directory, shift, NOWHERE, async (runtime) => {
    const again = await addUser(runtime, { name: NAME, zone: 'Europe/Paris', units: 'metric' });
    await link(runtime, { provider: 'garmin', user: again, externalId: ANN });
    expect(again.user_id).not.toBe(home.ann.user_id);
  });
  await at(directory, shift, NOWHERE, async (runtime) => {
    expect(await push(runtime, watchDoor(runtime), fixture('garmin/spec-push-dailies-two-users.json'))).toBe(200);
    await resumeForgetting(runtime, createPremises(directory));
    await transform(runtime);
    const [user] = (await listUsers(runtime)).filter(({ name }) => name === NAME);
    const rows = (await rowsOf(runtime)).filter(
      (row) => row.startsWith('daily_metrics ') && row.includes(user?.user_id ?? '-'),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(runtime.isForgotten(accountOf('oura', RING))).toBe(true);
  });
});

test('what slipped in while it went on is removed by the sweep', async () => {
  const directory = fresh();
  await at(directory, shift, NOWHERE, forgotten);
  await at(directory, shift, NOWHERE, async (runtime) => {
    // As a process writes that had looked who is forgotten before she was.
    const late = { ...runtime, isForgotten: () => false };
    expect(await push(late, watchDoor(runtime), fixture('garmin/spec-push-dailies-two-users.json'))).toBe(200);
    await transform(runtime);
    expect(filesThatHold(directory, [ANN])).not.toEqual([]);
    // What the look found by ids, and what it found by a name that nobody knows any more.
    const done = await readTombstone(runtime.state, home.ann.user_id);
    if (done !== undefined) await writeTombstone(runtime.state, { ...done, found: { objects: 1, rows: 2, lake: 1 } });
    await resumeForgetting(runtime, createPremises(directory));
    expect(filesThatHold(directory, [ANN])).toEqual([]);
    expect((await readTombstone(runtime.state, home.ann.user_id))?.found).toEqual({ lake: 1 });
    expect((await rowsOf(runtime)).filter(isHers)).toEqual([]);
  });
});

test('V3: pushes and batches that go on all the while leave nothing of her, and all of his', async () => {
  const directory = fresh();
  await at(directory, shift, NOWHERE, async (runtime) => {
    const going = { on: true, sent: 0 };
    const body = fixture('garmin/spec-push-dailies-two-users.json');
    const pushing = async (): Promise<void> => {
      while (going.on) {
        going.sent += 1;
        await runtime.refresh();
        expect(await push(runtime, watchDoor(runtime), body.replaceAll('EXAMPLE_6789', `EXAMPLE_${going.sent}_`))).toBe(
          200,
        );
      }
    };
    const publishing = async (): Promise<void> => {
      // With a pause each: the next in the line has to look for the lease, too.
      for (; going.on; await createSystemClock().sleep(100)) await transform(runtime);
    };
    const meanwhile = Promise.all([pushing(), publishing()]);
    await forgotten(runtime);
    going.on = false;
    await meanwhile;
    await resumeForgetting(runtime, createPremises(directory));
    await transform(runtime);
    expect((await rowsOf(runtime)).filter(isHers)).toEqual([]);
    expect(going.sent).toBeGreaterThan(3);
    const his = (await rowsOf(runtime)).filter(
      (row) => row.startsWith('raw_objects ') && row.includes(accountOf('garmin', BEN)),
    );
    // Of every push his part is kept, whatever became of hers; three objects of him were there before.
    expect(his.filter((row) => row.includes('garmin.dailies'))).toHaveLength(going.sent + 1);
  });
  expect(filesThatHold(directory, [ANN])).toEqual([]);
});

test('of an account that passed to somebody else only what came in her time is forgotten', async () => {
  const directory = fresh();
  const day = 86_400_000;
  await at(directory, shift + day, NOWHERE, async (runtime) => {
    await disconnect(runtime, { provider: 'garmin', user: home.ann });
    await link(runtime, { provider: 'garmin', user: home.ben, externalId: ANN });
    await push(runtime, watchDoor(runtime), bodyOf('LATER_'));
    await transform(runtime);
  });
  await at(directory, shift + 2 * day, NOWHERE, async (runtime) => {
    const receipt = await forgotten(runtime);
    expect(receipt.found).toEqual({});
    const kept = (await rowsOf(runtime)).filter(
      (row) => row.startsWith('raw_objects ') && row.includes(accountOf('garmin', ANN)),
    );
    expect(kept).toHaveLength(1);
    expect(kept[0]).toContain(home.ben.user_id);
    // It is his: what comes for it is kept.
    await push(runtime, watchDoor(runtime), bodyOf('LAST_'));
    expect((await transform(runtime)).objects).toBe(2);
  });
  expect(
    filesThatHold(directory, [NAME, MAIL, 'x473db21-632b3500', home.ann.user_id]).filter(
      (found) => !found.startsWith('state.db'),
    ),
  ).toEqual([]);
});

test('Ben is the one who is forgotten when he is meant', async () => {
  const directory = fresh();
  await at(directory, shift, NOWHERE, (runtime) => forget(runtime, createPremises(directory), home.ben.user_id));
  expect(filesThatHold(directory, [BEN])).toEqual([]);
  await at(directory, shift, NOWHERE, async (runtime) => {
    expect((await listUsers(runtime)).map(({ name }) => name)).toEqual([NAME]);
  });
});
