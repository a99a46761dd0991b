import { beforeEach, describe, expect, test } from 'vitest';
import { exclusively } from '../../../app/exclusive.ts';
import { collectNotices } from '../../../app/collect/notices.ts';
import { keep } from '../../../app/connect/keep.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { link } from '../../../app/connections.ts';
import { readGrant, saveGrant } from '../../../app/grant.ts';
import { addUser } from '../../../app/people.ts';
import { status } from '../../../app/status.ts';
import { everyRecord, tie } from '../../../app/tie.ts';
import { transform } from '../../../app/transform.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { openAnswering } from '../../support/answering.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { fixture } from '../../support/fixture.ts';
import { createShiftedClock, untilNoon } from '../crash/clock.ts';
import { dump } from '../crash/dump.ts';
import { ANN, push, watchDoor } from './home.ts';

const shift = untilNoon();
const DEREGISTERED = fixture('garmin/spec-deregistrations.json');
const ALLOWED = ['ACTIVITY_EXPORT', 'HEALTH_EXPORT', 'HISTORICAL_DATA_EXPORT'];

/** What the watch's company answers now; each test says so. */
const company = { status: 200, url: '', asked: [] as readonly { readonly path: string }[] };
let runtime: LocalRuntime;

beforeEach(async () => {
  const served = await openAnswering((response, { path }) => {
    const body = path.endsWith('/user/id') ? { userId: ANN } : [];
    response.writeHead(company.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  Object.assign(company, { status: 200, url: served.url, asked: served.asked });
  const settings = { clientId: 'us', clientSecrets: [new Secret('ours')], baseUrl: served.url };
  const dataDir = temporaryDirectory();
  runtime = await openRuntime({
    dataDir,
    zone: 'UTC',
    clock: createShiftedClock(shift),
    settings: { garmin: settings },
  });
  return () => runtime.close();
});

async function connect(kind: 'link' | 'oauth') {
  const user = await addUser(runtime, { name: 'Ann', zone: 'Europe/Paris', units: 'metric' });
  if (kind === 'link') return (await link(runtime, { provider: 'garmin', user, externalId: ANN })).connection;
  const wanted = { provider: 'garmin', external_id: ANN, user_id: user.user_id, kind, scopes: ALLOWED } as const;
  const connection = await exclusively(runtime, async () => tie(runtime, await everyRecord(runtime.state), wanted));
  await saveGrant(runtime.vault, connection.connection_id, tokensOf('access-1'), { expect: 0 });
  return connection;
}

const tokensOf = (access: string) => {
  return { access: new Secret(access), refresh: null, expiresAt: null, scopes: null, fields: {} };
};

const stateOf = async () => (await everyRecord(runtime.state))[0]?.state;
const pushDays = () => push(runtime, watchDoor(runtime), fixture('garmin/spec-push-dailies-two-users.json'));
const days = async () => (await dump(runtime.console)).filter((row) => row.startsWith('daily_metrics '));

describe('a deregistration', () => {
  test('with the right key ends the connection of a linked account; the data stay, and linking again revives it', async () => {
    await connect('link');
    await pushDays();
    await transform(runtime);
    const before = await days();
    expect(before.length).toBeGreaterThan(0);
    expect(await push(runtime, watchDoor(runtime), DEREGISTERED)).toBe(200);
    expect(await collectNotices(runtime)).toMatchObject({ finished: 1, left: 0 });
    expect(await stateOf()).toBe('deregistered');
    await transform(runtime);
    expect(await days()).toEqual(before);
    const [user] = await runtime.state.list<{ readonly user_id: string }>('user');
    await link(runtime, { provider: 'garmin', user: user?.value ?? { user_id: '' }, externalId: ANN });
    expect(await stateOf()).toBe('active');
  });

  test.each([
    ['no key', () => '/webhooks/garmin'],
    ['a wrong key', () => `${watchDoor(runtime).slice(0, -1)}${watchDoor(runtime).endsWith('a') ? 'b' : 'a'}`],
    ['the key of another provider', () => `/webhooks/garmin/${runtime.keyring.issue('withings', 'path', 'k1')}`],
  ])('W14: with %s is refused, leaves nothing and changes nothing', async (_, path) => {
    await connect('link');
    const before = await keys();
    expect(await push(runtime, path(), DEREGISTERED)).toBe(401);
    await collectNotices(runtime);
    expect(await keys()).toEqual(before);
    expect(await stateOf()).toBe('active');
  });

  test('W14: of a granted connection is not believed while the provider takes the token', async () => {
    const connection = await connect('oauth');
    await push(runtime, watchDoor(runtime), DEREGISTERED);
    expect(await collectNotices(runtime)).toMatchObject({ finished: 1 });
    expect(company.asked.map(({ path }) => path)).toEqual(['/wellness-api/rest/user/id']);
    expect(await stateOf()).toBe('active');
    expect(await readGrant(runtime.vault, connection.connection_id)).toBeDefined();
  });

  test('of a granted connection is believed when the provider takes the token no more; connecting again revives it', async () => {
    const connection = await connect('oauth');
    company.status = 401;
    await push(runtime, watchDoor(runtime), DEREGISTERED);
    expect(await collectNotices(runtime)).toMatchObject({ finished: 1 });
    expect(await stateOf()).toBe('deregistered');
    expect(await readGrant(runtime.vault, connection.connection_id)).toBeUndefined();
    const provider = oauthProvider('garmin');
    const { user_id: userId, external_id: externalId } = connection;
    const again = { provider, userId, externalId, scopes: ALLOWED, tokens: tokensOf('access-2') };
    await keep(runtime, again, { browser: 'hers', ticket: null });
    expect(await stateOf()).toBe('active');
    expect((await readGrant(runtime.vault, connection.connection_id))?.tokens.access.reveal()).toBe('access-2');
  });

  test('is asked about again while the provider does not answer', async () => {
    await connect('oauth');
    company.status = 503;
    await push(runtime, watchDoor(runtime), DEREGISTERED);
    expect(await collectNotices(runtime)).toMatchObject({ finished: 0, left: 1 });
    expect(await stateOf()).toBe('active');
  });

  test('of somebody else, with the right key, touches only them', async () => {
    await connect('link');
    await push(runtime, watchDoor(runtime), DEREGISTERED.replace(ANN, 'somebody-else'));
    expect(await collectNotices(runtime)).toMatchObject({ unclaimed: 1 });
    expect(await stateOf()).toBe('active');
  });
});

const change = (permissions: readonly string[], changeTimeInSeconds: number): string =>
  JSON.stringify({ userPermissionsChange: [{ userId: ANN, summaryId: 'x', permissions, changeTimeInSeconds }] });

describe('a change of permissions', () => {
  test('narrows what is granted, and status says what is missing', async () => {
    await connect('oauth');
    await push(runtime, watchDoor(runtime), change(['ACTIVITY_EXPORT'], 200));
    await collectNotices(runtime);
    expect(await status(runtime)).toMatchObject([
      {
        state: 'active',
        scopes: ['ACTIVITY_EXPORT'],
        missing_scopes: expect.arrayContaining(['HEALTH_EXPORT', 'HISTORICAL_DATA_EXPORT']),
      },
    ]);
  });

  test('an older one that comes late changes nothing', async () => {
    await connect('oauth');
    await push(runtime, watchDoor(runtime), change(ALLOWED.slice(0, 2), 200));
    await collectNotices(runtime);
    await push(runtime, watchDoor(runtime), change([], 100));
    await collectNotices(runtime);
    expect((await everyRecord(runtime.state))[0]?.scopes).toEqual(ALLOWED.slice(0, 2));
  });
});

test('a ping is followed and what lies behind it stored as a push of its type', async () => {
  await connect('oauth');
  const ping = fixture('garmin/spec-ping-epochs-and-activityFiles.json').replaceAll(/[0-9a-f]{32}/g, ANN);
  await push(runtime, watchDoor(runtime), ping);
  expect(await collectNotices(runtime)).toMatchObject({ finished: 1 });
  expect(company.asked.map(({ path }) => path.split('?')[0])).toEqual(['/wellness-api/rest/epochs']);
  expect((await keys()).filter((key) => key.includes('/epochs-'))).toHaveLength(1);
});

async function keys(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key } of runtime.objects.list('')) found.push(key);
  return found;
}
