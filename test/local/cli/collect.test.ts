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

test.each([
  [['collect', 'nobody'], 'unknown_provider'],
  [['collect', 'apple'], 'no_collect'],
  [['collect', '--user', 'Zoe'], 'unknown_user'],
  [['collect', '--user', 'Ann'], 'not_connected'],
  [['backfill', 'apple', '--user', 'Ann', '--from', '2026-01-01', '--to', '2026-01-31'], 'no_collect'],
  [['backfill', 'apple', '--user', 'Ann', '--from', '2026-02-01', '--to', '2026-01-31'], 'bad_range'],
])('%j ends with 2 and says %s', async (words, code) => {
  const tell = await openPerson();
  const ran = await tell(...words);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(code);
});
