import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readZipDirectory } from '../../local/zip-directory.ts';
import { temporaryDirectory } from '../support/directory.ts';

const FILES = { 'README.txt': 'hello', 'raw/2026-01-05/ä.json': '{}'.repeat(500), empty: '' };

function write(bytes: Uint8Array): string {
  const path = join(temporaryDirectory(), 'a.zip');
  writeFileSync(path, bytes);
  return path;
}

const whole = zipSync(Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, strToU8(text)])));

test('every file of a ZIP file is named with its bytes before it was packed', async () => {
  const bytes = Object.entries(FILES).map(([path, text]) => ({ path, bytes: Buffer.byteLength(text) }));
  expect(await readZipDirectory(write(whole))).toEqual(bytes);
  expect(await readZipDirectory(write(zipSync({})))).toEqual([]);
});

test('a file that was cut anywhere is none, nor is something else', async () => {
  for (let length = 0; length < whole.length; length += 7) {
    const cut = readZipDirectory(write(whole.subarray(0, length)));
    await expect(cut, `${length} bytes`).rejects.toMatchObject({ code: 'export_broken', exit: 4 });
  }
  const page = strToU8('<html>Please sign in to go on</html>');
  await expect(readZipDirectory(write(page))).rejects.toMatchObject({ code: 'export_broken' });
});

test('a directory that tells another number of files than it holds is broken', async () => {
  const wrong = Uint8Array.from(whole);
  wrong[whole.length - 22 + 10] = 9;
  await expect(readZipDirectory(write(wrong))).rejects.toMatchObject({ code: 'export_broken' });
});
