import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** A row of a threat table: the title of a test, and the file it is in. */
const LINK = /\[(?<title>[^\]]+)\]\((?<file>test\/[^)]+)\) \|$/gm;

const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(LINK)].map(({ groups }) => ({
  title: groups?.['title'] ?? '',
  file: groups?.['file'] ?? '',
}));

test('every line of the threat tables names a test that there is', () => {
  expect(rows.length).toBeGreaterThanOrEqual(30);
  const missing = rows.filter(({ title, file }) => {
    const source = readFileSync(file, 'utf8');
    // A file that is named by itself is about nothing else.
    return !file.endsWith(`/${title}`) && !source.includes(title);
  });
  expect(missing).toEqual([]);
});
