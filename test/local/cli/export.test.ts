import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';

/** An empty place, and `export` to a file of it; the data directory is not made yet. */
function openPlace() {
  const place = temporaryDirectory();
  const dataDir = join(place, 'data');
  const exportTo = (out: string, ...more: readonly string[]) =>
    runCommand(['export', '--user', 'Ann', '--out', join(place, out), ...more, '--json', '--data-dir', dataDir]);
  return { place, dataDir, exportTo };
}

test.each([
  ['missing/ann.zip', [], 'no_such_directory', 'mkdir -p'],
  ['missing/deeper/ann.zip', ['--force'], 'no_such_directory', 'mkdir -p'],
  ['there.zip/ann.zip', [], 'no_such_directory', 'mkdir -p'],
  ['there.zip', [], 'file_exists', '--force'],
  ['folder', ['--force'], 'not_a_file', 'export.zip'],
])('--out %s %j is refused with %s and a remedy before anything is done', async (out, more, code, remedy) => {
  const { place, dataDir, exportTo } = openPlace();
  writeFileSync(join(place, 'there.zip'), 'mine');
  mkdirSync(join(place, 'folder'));
  const ran = await exportTo(out, ...more);
  expect([ran.code, ran.out]).toEqual([2, '']);
  expect(JSON.parse(ran.err)).toMatchObject({ error: { code, remedy: expect.stringContaining(remedy) } });
  expect(existsSync(dataDir)).toBe(false);
  expect(readdirSync(place).toSorted()).toEqual(['folder', 'there.zip']);
});

test('a file that cannot be written is told with a remedy', async () => {
  const { dataDir } = openPlace();
  await runCommand(['user', 'add', 'Ann', '--data-dir', dataDir]);
  // With what a part is called it is longer than any file system allows.
  const out = join(dataDir, `${'x'.repeat(250)}.zip`);
  const ran = await runCommand(['export', '--user', 'Ann', '--out', out, '--data-dir', dataDir]);
  expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('(not_writable)')]);
  expect(ran.err).toContain('→ Give another --out');
});
