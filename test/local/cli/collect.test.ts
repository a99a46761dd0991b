import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

async function openPerson() {
  const dataDir = join(temporaryDirectory(), 'data');
  const tell = (...words: readonly string[]) => runCommand([...words, '--data-dir', dataDir]);
  await tell('user', 'add', 'Ann');
  return tell;
}

test('without a connection there is nothing to ask, and that is no failure', async () => {
  const tell = await openPerson();
  const { code, out } = await tell('collect', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ schema_version: 1, streams: [], requests: 0, objects: 0, duplicates: 0, busy: [] });
});

const REST = ['--user', 'Ann', '--from', '2026-01-01', '--to', '2026-01-31'];

test.each([
  [['collect', 'nobody'], 'unknown_provider', 'Name one of: '],
  [['collect', 'apple'], 'no_collect', 'wellspring import apple <file> --user <name>'],
  // Follows what a ping names, and cannot be asked for anything else.
  [['collect', 'garmin'], 'no_collect', 'wellspring urls garmin'],
  [['backfill', 'garmin', ...REST], 'not_connected', 'wellspring connect garmin --user u_'],
  [['collect', '--metric', 'moonlight_lx'], 'unknown_metric', 'weight_kg'],
  // A metric there is, and not at this provider.
  [['collect', 'oura', '--metric', 'weight_kg'], 'unknown_metric', 'sleep_total_s'],
  [['collect', '--user', 'Zoe'], 'unknown_user', 'wellspring user list'],
  [['collect', '--user', 'Ann'], 'not_connected', 'wellspring connect <provider> --user <name>'],
  [['backfill', 'apple', ...REST], 'no_collect', 'wellspring urls apple'],
  [['backfill', 'withings', ...REST], 'not_connected', 'wellspring connect withings --user u_'],
  [['backfill', 'apple', ...REST, '--to', '2025-12-31'], 'bad_range', '--from is the older day'],
])('%j ends with 2, says %s and what to do', async (words, code, remedy) => {
  const tell = await openPerson();
  const ran = await tell(...words);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(`(${code})`);
  expect(ran.err).toMatch(/^ {2}→ /m);
  expect(ran.err).toContain(remedy);
});
