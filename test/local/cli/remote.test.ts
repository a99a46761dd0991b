import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openRemote } from '../../support/remote.ts';
import { runCommand } from '../../support/terminal.ts';

// Each of them opens a data directory and its server.
vi.setConfig({ testTimeout: 90_000 });

test('status tells of a running server what it tells of its data directory', async () => {
  const { both } = await openRemote();
  for (const words of [['status'], ['status', '--user', 'Ann']]) {
    const { here, there } = await both(...words, '--json');
    expect(there, words.join(' ')).toEqual(here);
    expect(JSON.parse(there.out)).toMatchObject({
      connections: [{ provider: 'garmin', scopes: [], missing_scopes: [], last_fetch: null, last_data_day: null }],
    });
  }
});

const REFUSED: readonly (readonly [words: readonly string[], exit: number, code: string])[] = [
  [['status', '--user', 'Zed'], 2, 'unknown_user'],
  [['explain', '--user', 'Zed', '--day', '2026-03-01', '--metric', 'steps'], 2, 'unknown_user'],
  [['explain', '--user', 'Ann', '--day', '2026-03-01', '--metric', 'steps'], 1, 'nothing_to_explain'],
  [['urls', 'nobody'], 2, 'unknown_provider'],
  [['summary', '--user', 'Zed'], 2, 'unknown_user'],
  [['user', 'add', 'Bea', '--zone', 'Europe/Nowhere'], 2, 'unknown_zone'],
  [['user', 'add', 'Bea', '--email', 'nowhere'], 2, 'bad_email'],
  [['user', 'set', 'Zed', '--name', 'Zoe'], 2, 'unknown_user'],
  [['user', 'set', 'Ann', '--since', '2026-03-01'], 2, 'since_without_zone'],
  [['invite', 'Zed'], 2, 'unknown_user'],
  [['link', 'garmin', '--user', 'Ann'], 2, 'missing_external_id'],
  [['link', 'nobody', '--user', 'Ann'], 2, 'unknown_provider'],
  [['disconnect', 'oura', '--user', 'Ann'], 2, 'not_connected'],
  [['collect', 'apple'], 2, 'no_collect'],
  [['collect', '--metric', 'moonlight_lx'], 2, 'unknown_metric'],
  [['collect', '--user', 'Ann'], 2, 'not_connected'],
  [['connect', 'apple', '--user', 'Ann'], 2, 'no_oauth'],
  [['connect', 'withings', '--user', 'Ann'], 2, 'client_missing'],
  [['connect', 'withings', '--user', 'Zed'], 2, 'unknown_user'],
  [['export', '--user', 'Zed', '--out', 'zed.zip'], 2, 'unknown_user'],
  [['import', 'garmin', 'package.json', '--user', 'Zed'], 2, 'unknown_user'],
  [['forget', '--user', 'Zed', '--yes'], 2, 'unknown_user'],
  [['forget', '--user', 'Ann'], 2, 'not_confirmed'],
];

test('what fails here fails through a server in the same words, with the same exit code', async () => {
  const { both } = await openRemote();
  for (const [words, exit, code] of REFUSED) {
    const { here, there } = await both(...words, '--json');
    const name = words.join(' ');
    // What a disconnection begins with is said before it is known that there is none.
    expect([there.code, there.out, lastLine(there.err)], name).toEqual([here.code, here.out, lastLine(here.err)]);
    expect([there.code, there.out], name).toEqual([exit, '']);
    expect(JSON.parse(lastLine(there.err)), name).toMatchObject({ error: { code, remedy: expect.any(String) } });
  }
});

test('the token may come from the environment, where neither a list of processes nor a history shows it', async () => {
  const { runtime, served } = await openRemote();
  const words = ['user', 'list', '--url', served.url, '--json'];
  const kept = { WELLSPRING_TOKEN: runtime.ownerToken };
  expect(await runCommand(words, kept)).toMatchObject({ code: 0, out: expect.stringContaining('Ann') });
  // What was said is meant.
  expect(await runCommand([...words, '--token', 'another'], kept)).toMatchObject({ code: 3, out: '' });
  expect(await runCommand(words, { WELLSPRING_TOKEN: '' })).toMatchObject({ code: 3, out: '' });
});

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const EVERY: readonly (readonly string[])[] = [
  ['urls'],
  ['status'],
  ['collect'],
  ['process'],
  ['summary'],
  ['user', 'list'],
  ['user', 'add', 'Bea'],
  ['invite', 'Ann'],
  ['link', 'apple', '--user', 'Ann'],
  ['disconnect', 'garmin', '--user', 'Ann'],
  ['connect', 'withings', '--user', 'Ann'],
  ['import', 'myfitnesspal', 'package.json', '--user', 'Ann'],
  ['forget', '--user', 'Ann', '--yes'],
];

test('with a wrong token every command is exit code 3, does nothing and does not repeat it', async () => {
  const { base, here, served } = await openRemote();
  for (const words of [...EVERY, ['export', '--user', 'Ann', '--out', join(base, 'never.zip')]]) {
    const ran = await runCommand([...words, '--url', served.url, '--token', 'a-wrong-token', '--json']);
    const said: unknown = JSON.parse(lastLine(ran.err));
    expect([ran.code, ran.out, said], words[0]).toMatchObject([3, '', { error: { code: 'not_signed_in' } }]);
    expect(ran.err).not.toContain('a-wrong-token');
  }
  expect(JSON.parse((await here('user', 'list', '--json')).out)).toMatchObject({ users: [{ name: 'Ann' }] });
  expect(existsSync(join(base, 'never.zip'))).toBe(false);
});

test('what is wrong with a connection stands under the table, which fits a terminal', async () => {
  const { both } = await openRemote();
  const { here, there } = await both('status');
  expect(there).toEqual(here);
  const [head, , row, blank, problem, remedy] = here.out.split('\n');
  expect(head?.split(/ +/)).toEqual(['provider', 'user', 'state', 'last_delivery', 'last_data_day']);
  expect(row).toMatch(/^garmin +Ann +active$/);
  expect(blank).toBe('');
  expect(problem).toMatch(/^! garmin of Ann: Nothing of it is published yet\.$/);
  expect(remedy).toMatch(/^ {2}→ /);
});
