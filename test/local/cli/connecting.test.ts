import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientSecrets } from '../../../app/client-secret.ts';
import { noteOutcome } from '../../../app/connect/ticket.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { filesBelow } from '../../support/tree.ts';
import { runCommand } from '../../support/terminal.ts';

const SECRET = 'Zq81-a-real-looking-secret';

/** A data directory with one person in it. */
async function openHome(environment: Record<string, string> = {}) {
  const dataDir = temporaryDirectory();
  const tell = (words: readonly string[], input = '', more: Record<string, string> = {}) =>
    runCommand([...words, '--data-dir', dataDir], { ...environment, ...more }, input);
  await tell(['user', 'add', 'Ann']);
  return { dataDir, tell };
}

describe('secret set', () => {
  test('keeps what comes on stdin, sealed, and shows it nowhere', async () => {
    const { dataDir, tell } = await openHome();
    const { code, out, err } = await tell(['secret', 'set', 'garmin.clientSecret'], `${SECRET}\n`);
    expect(code).toBe(0);
    expect(`${out}${err}`).not.toContain(SECRET);
    const written = filesBelow(dataDir, /./).map((path) => readFileSync(path));
    expect(written.length).toBeGreaterThan(2);
    expect(written.filter((bytes) => bytes.includes(SECRET))).toEqual([]);
    const runtime = await openRuntime({ dataDir });
    expect(runtime.settings('garmin').clientSecrets?.map((secret) => secret.reveal())).toEqual([SECRET]);
    await runtime.close();
  });

  test('leaves the one before in force for a day', async () => {
    const { dataDir, tell } = await openHome();
    for (const secret of ['first-secret', 'second-secret', 'second-secret']) {
      await tell(['secret', 'set', 'garmin.clientSecret'], secret);
    }
    const runtime = await openRuntime({ dataDir });
    const at = async (ms: number) => {
      const clock = { ...runtime.clock, now: () => runtime.clock.now() + ms };
      const secrets = await clientSecrets({ vault: runtime.vault, clock }, 'garmin');
      return secrets === 'unreadable' ? secrets : secrets.map((secret) => secret.reveal());
    };
    expect(await at(86_000_000)).toEqual(['second-secret', 'first-secret']);
    expect(await at(86_400_000)).toEqual(['second-secret']);
    await runtime.close();
  });

  test.each([
    ['', 'bad_secret'],
    ['  \n', 'bad_secret'],
    ['CHANGE_ME', 'bad_secret'],
    ['<your secret>', 'bad_secret'],
    ['your-client-secret', 'bad_secret'],
    ['xxxxxx', 'bad_secret'],
    ['two\nlines', 'bad_secret'],
    ['grün', 'bad_secret'],
  ])('refuses %j', async (input, wanted) => {
    const { dataDir, tell } = await openHome();
    const { code, err } = await tell(['secret', 'set', 'garmin.clientSecret', '--json'], input);
    expect([code, err.includes(`"code":"${wanted}"`)]).toEqual([2, true]);
    const runtime = await openRuntime({ dataDir });
    expect(runtime.settings('garmin').clientSecrets).toEqual([]);
    await runtime.close();
  });

  test.each([
    [['garmin.clientSecret', SECRET], 'secret_on_command_line'],
    [[`garmin.clientSecret=${SECRET}`], 'secret_on_command_line'],
    [['garmin.clientSecret', '--value', SECRET], 'secret_on_command_line'],
    [['garmin.clientSecret', `--value=${SECRET}`], 'secret_on_command_line'],
    [['garmin.secret'], 'unknown_secret'],
    [['apple.clientSecret'], 'no_oauth'],
    [['nobody.clientSecret'], 'unknown_provider'],
  ])('%j is refused without repeating a secret', async (words, wanted) => {
    const { tell } = await openHome();
    const { code, out, err } = await tell(['secret', 'set', ...words, '--json'], SECRET);
    expect([code, err.includes(`"code":"${wanted}"`)]).toEqual([2, true]);
    expect(`${out}${err}`).not.toContain(SECRET);
  });
});

describe('connect', () => {
  const words = ['connect', 'garmin', '--user', 'Ann', '--no-open', '--json'];

  test('says what is missing before anybody opens a browser', async () => {
    const { code, err } = await (await openHome()).tell(words);
    expect([code, err.includes('"code":"client_missing"')]).toEqual([2, true]);
  });

  test('prints an address with a ticket, waits, and ends as the browser did', async () => {
    const { dataDir, tell } = await openHome({ WELLSPRING_GARMIN_CLIENT_ID: 'our-client' });
    await tell(['secret', 'set', 'garmin.clientSecret'], SECRET);
    const running = tell(words);
    const runtime = await openRuntime({ dataDir });
    const open = async () => (await runtime.state.list('ticket')).map(({ id }) => id);
    await expect.poll(open, { timeout: 10_000 }).toHaveLength(1);
    await noteOutcome(runtime, (await open())[0] ?? null, { ok: false, code: 'access_denied' });
    const { code, out, err } = await running;
    await runtime.close();
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/http:\/\/127\.0\.0\.1:8787\/oauth\/garmin\/start\?user_id=u_\w+&ticket=[\w-]{43}\n/);
    expect(err).toContain('"code":"access_denied"');
  });
});

test('invite prints a link that is kept only as a hash', async () => {
  const { dataDir, tell } = await openHome();
  const { code, out } = await tell(['invite', 'Ann', '--json']);
  const [, secret = ''] = /\/join\/([\w-]{43})"/.exec(out) ?? [];
  expect([code, secret.length]).toEqual([0, 43]);
  expect(readFileSync(join(dataDir, 'state.db')).includes(secret)).toBe(false);
});

test.each([
  ['http://127.0.0.1:4000/garmin', 0],
  ['https://elsewhere.example', 0],
  ['http://elsewhere.example', 2],
  ['http://127.0.0.1.evil.example', 2],
  ['https://user:pw@elsewhere.example', 2],
  ['ftp://127.0.0.1', 2],
  ['nonsense', 2],
])('GARMIN_BASE_URL %s ends with exit code %i', async (address, wanted) => {
  const { tell } = await openHome();
  expect((await tell(['urls', 'garmin'], '', { GARMIN_BASE_URL: address })).code).toBe(wanted);
});
