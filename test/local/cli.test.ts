import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { commands } from '../../local/cli/commands.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { runCommand } from '../support/terminal.ts';

const envelope = z.object({
  schema_version: z.literal(1),
  error: z.object({
    code: z.string(),
    message: z.string(),
    detail: z.string().nullable(),
    remedy: z.string().nullable(),
  }),
});
const errorOf = (err: string) => envelope.parse(JSON.parse(err)).error;

test('help lists every command on stdout and opens nothing', async () => {
  const dataDir = join(temporaryDirectory(), 'never');
  const { code, out, err } = await runCommand(['--help'], { WELLSPRING_DATA_DIR: dataDir });
  expect([code, err]).toEqual([0, '']);
  for (const name of Object.keys(commands)) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(existsSync(dataDir)).toBe(false);
});

test.each(Object.keys(commands))('the help of %s describes it and the global options', async (name) => {
  const { code, out } = await runCommand([name, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Usage: wellspring ${name}`);
  expect(out).toContain('--data-dir <directory>');
});

test('the version is one line on stdout', async () => {
  expect(await runCommand(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
});

test.each([
  [['statsu'], 'unknown_command', 'Did you mean status?'],
  [['status', '--usr', 'Ann'], 'unknown_option', 'Did you mean --user?'],
  [['link', 'garmin'], 'missing_mandatory_option_value', 'See wellspring --help.'],
  [['query'], 'missing_argument', 'See wellspring --help.'],
  [['user', 'remove'], 'unknown_command', 'See wellspring --help.'],
  [['user', 'add', 'Ann', '--units', 'stone'], 'invalid_argument', 'See wellspring --help.'],
  [
    ['explain', '--user', 'Ann', '--day', '2026-02-30', '--metric', 'steps'],
    'invalid_argument',
    'See wellspring --help.',
  ],
])(
  '%j is wrong usage: exit code 2, nothing on stdout, a code and a remedy on stderr',
  async (words, wanted, remedy) => {
    const { code, out, err } = await runCommand([...words, '--json']);
    const error = errorOf(err);
    expect([code, out, error.code, error.remedy]).toEqual([2, '', wanted, remedy]);
  },
);

test('a day that does not exist is named in the words of a person', async () => {
  const { err } = await runCommand(['summary', '--day', '2026-02-30']);
  expect(err).toContain("'2026-02-30'");
  expect(err).toContain('a day that exists');
});

test('a group of commands without one of them shows its help on stderr and is wrong usage', async () => {
  const { code, out, err } = await runCommand(['user']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('add [options] <name>');
});

test.each([
  ['rebuild', ['rebuild']],
  ['query', ['query', 'select 1']],
  ['quarantine', ['quarantine', 'list']],
  ['forget --dry-run', ['forget', '--user', 'Ann', '--dry-run']],
])('%s says that it does not work through --url and makes no data directory', async (_, words) => {
  const dataDir = join(temporaryDirectory(), 'never');
  const all = [...words, '--url', 'http://127.0.0.1:9', '--data-dir', dataDir, '--json'];
  const { code, err } = await runCommand(all);
  expect([code, errorOf(err).code]).toEqual([2, 'not_remote']);
  expect(existsSync(dataDir)).toBe(false);
});

test('a server that does not answer is exit code 4', async () => {
  // Port 9 (discard) has no listener on loopback.
  const { code, err } = await runCommand(['status', '--url', 'http://127.0.0.1:9', '--token', 'x', '--json']);
  expect([code, errorOf(err).code]).toEqual([4, 'no_server']);
});

test('an address that is none is exit code 2', async () => {
  for (const url of ['nonsense', 'ftp://127.0.0.1']) {
    const { code, err } = await runCommand(['status', '--url', url, '--token', 'x', '--json']);
    expect([code, errorOf(err).code]).toEqual([2, 'bad_url']);
  }
});

test('a setting that cannot be used is exit code 2 and names the key', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const { code, err } = await runCommand(['user', 'list'], { WELLSPRING_DATA_DIR: dataDir, WELLSPRING_PORT: 'eighty' });
  expect(code).toBe(2);
  expect(err).toContain('port: must be a whole number');
});
