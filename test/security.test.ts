import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** A row of a threat table ends with the title of a test, and the file it is in. */
const LINK = /\| \[(?<title>[^\]]+)\]\((?<file>test\/[^)]+)\) \|$/;
const HEAD = /^\|(?: threat |---)/;

const rows = readFileSync('SECURITY.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !HEAD.test(line));

/** Whether a file says a title where tests have theirs: in quotes, of any kind. */
function says(file: string, title: string): boolean {
  const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
  // A file that is named by itself is about nothing else.
  return file.endsWith(`/${title}`) || ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
}

test('every line of the threat tables names a test that there is', () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
  const missing = rows.filter((row) => {
    const { title = '', file = '' } = LINK.exec(row)?.groups ?? {};
    return file === '' || !says(file, title);
  });
  expect(missing).toEqual([]);
});
