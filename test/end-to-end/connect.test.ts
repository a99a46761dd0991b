import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createChance } from '../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../local/sandbox/fault.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { startProgram } from '../support/program.ts';
import { openProviders } from '../support/providers.ts';
import { openSurfer } from '../support/surfer.ts';
import { runCommand } from '../support/terminal.ts';

const ACCOUNT = '480271936514';
const SECRET = 'the-client-secret-of-withings';
const WORDS = ['connect', 'withings', '--user', 'Ann', '--no-open', '--json'];

/** Withings with one account, a data directory with Ann in it that knows our app there, and a way to run the program on it. */
async function openHome() {
  const clock = createSystemClock();
  const nowS = Math.floor(clock.now() / 1000);
  const withings = await openProviders({
    holdings: [{ provider: 'withings', externalId: ACCOUNT, person: 0, zone: 'UTC', records: [] }],
    credentials: { withings: { clientId: 'our-app', clientSecret: SECRET } },
    clock,
    chance: createChance('connect'),
    faults: NO_FAULTS,
    knownUntilS: nowS,
  });
  onTestFinished(() => withings.end());
  const home = temporaryDirectory();
  const environment = {
    ...withings.environment,
    WELLSPRING_DATA_DIR: join(home, 'data'),
    WELLSPRING_WITHINGS_CLIENT_ID: 'our-app',
  };
  await runCommand(['user', 'add', 'Ann', '--zone', 'UTC'], environment);
  await runCommand(['secret', 'set', 'withings.clientSecret'], environment, SECRET);
  return { withings, start: (words: readonly string[]) => startProgram(words, environment, home) };
}

/** A running server, `connect` waiting, and a browser at the provider's consent page: `address` is where it stands. */
async function openConsent() {
  const { withings, start } = await openHome();
  const server = start(['serve', '--port', '0', '--json']);
  const [, url = ''] = await server.until(/"url":"(http[^"]+)"/);
  const connect = start(WORDS);
  const [printed] = await connect.until(/http:\S+\/oauth\/withings\/start\?\S+/);
  expect(printed.startsWith(`${url}/`)).toBe(true);
  const surfer = openSurfer();
  const address = (await surfer.get(printed)).headers.get('location') ?? '';
  return { withings, connect, surfer, address };
}

test('connect ends with what was granted when the browser comes back', async () => {
  const { withings, connect, surfer, address } = await openConsent();
  const scopes = ['user.info', 'user.metrics'];
  await surfer.get(await withings.consent('withings', address, ACCOUNT, { scopes }));
  const { code, out, err } = await connect.ended;
  expect([code, err.includes('wellspring serve')]).toEqual([0, false]);
  const said: unknown = JSON.parse(out);
  expect(said).toMatchObject({
    schema_version: 1,
    connection: { provider: 'withings', external_id: ACCOUNT, state: 'active' },
  });
  // In the words of the provider's file: the third of its scopes was not ticked.
  expect(said).toMatchObject({
    granted: expect.arrayContaining([expect.stringContaining('weight')]),
    missing: [expect.stringContaining('sleep')],
  });
});

test('what the person refuses is exit code 3', async () => {
  const { withings, connect, surfer, address } = await openConsent();
  await surfer.get(await withings.consent('withings', address, ACCOUNT, { deny: true }));
  const { code, out, err } = await connect.ended;
  expect([code, out, err.includes('"code":"access_denied"')]).toEqual([3, '', true]);
});

test('a provider that does not answer is exit code 4', async () => {
  const { withings, connect, surfer, address } = await openConsent();
  withings.watch.before = async ({ kind }) => (kind === 'code' ? new Response('', { status: 503 }) : undefined);
  await surfer.get(await withings.consent('withings', address, ACCOUNT));
  expect(await connect.ended).toMatchObject({ code: 4, out: '' });
});

test('without a server it says at once how to start one, and Ctrl-C ends the wait with exit code 130', async () => {
  const { start } = await openHome();
  const connect = start(WORDS);
  await connect.until(/Waiting for the answer of Withings/);
  connect.signal('SIGINT');
  const { code, out, err } = await connect.ended;
  expect([code, out]).toEqual([130, '']);
  expect(err.indexOf('wellspring serve --port 8787')).toBeGreaterThan(-1);
  expect(err.indexOf('wellspring serve')).toBeLessThan(err.indexOf('/oauth/withings/start'));
});
