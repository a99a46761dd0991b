import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';

const script = fileURLToPath(new URL('../../bin/java.mjs', import.meta.url));

/** Runs the finder where nothing but these variables is known. */
function find(environment: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A home whose `bin` holds a made-up Java that says this of itself, as real ones do: on stderr. */
function home(first: string): string {
  const root = temporaryDirectory();
  const file = join(root, 'bin', 'java');
  mkdirSync(join(root, 'bin'));
  writeFileSync(file, `#!/bin/sh\necho '${first}' >&2\necho 'OpenJDK Runtime Environment (build 1)' >&2\n`);
  chmodSync(file, 0o755);
  return root;
}

const binOf = (root: string): string => join(root, 'bin');
const javaOf = (root: string): string => join(root, 'bin', 'java');

const SKIPPED = 'so test:spark and test:engines are skipped, test:parity and test:killed-jobs fail';

test('without Java it says what is missing, what to install and which tests are skipped; only with CI=true that is a failure', () => {
  const PATH = temporaryDirectory();
  const here = find({ PATH });
  expect([here.status, here.stdout]).toEqual([0, '']);
  expect(here.stderr).toContain(`No Java was found, ${SKIPPED}`);
  expect(here.stderr).toContain('Install Java 17 (Debian: apt-get install openjdk-17-jre-headless)');
  expect(find({ PATH, CI: 'true' })).toEqual({ ...here, status: 1 });
});

test.each(['openjdk version "17.0.15" 2025-04-15', 'openjdk version "11.0.2" 2019-01-15'])(
  '%s suits: its path is all that stands on stdout',
  (first) => {
    const root = home(first);
    expect(find({ PATH: binOf(root) })).toEqual({ status: 0, stdout: `${javaOf(root)}\n`, stderr: '' });
  },
);

test.each([
  ['java version "1.8.0_301"', '1.8.0_301'],
  ['openjdk version "21.0.1" 2023-10-17', '21.0.1'],
  ['openjdk version "25" 2025-09-16', '25'],
])('%s does not: it is named with its version', (first, version) => {
  const root = home(first);
  const { status, stdout, stderr } = find({ PATH: binOf(root) });
  expect([status, stdout]).toEqual([0, '']);
  expect(stderr).toContain(`No Java 11 or 17 was found (${javaOf(root)} is ${version}), ${SKIPPED}`);
});

test('the Java that is named goes first, and one that does not suit is passed over', () => {
  const [newest, old, named] = [
    home('openjdk version "25"'),
    home('openjdk version "11.0.2"'),
    home('version "17.0.1"'),
  ];
  const PATH = [newest, old].map(binOf).join(delimiter);
  expect(find({ PATH }).stdout).toBe(`${javaOf(old)}\n`);
  expect(find({ PATH, JAVA_HOME: named }).stdout).toBe(`${javaOf(named)}\n`);
  expect(find({ PATH, JAVA_HOME: newest }).stdout).toBe(`${javaOf(old)}\n`);
});

test('what is called java and does not start, as on a Mac without one, is none', () => {
  const root = home('');
  writeFileSync(javaOf(root), '#!/bin/sh\necho "Unable to locate a Java Runtime." >&2\nexit 1\n');
  expect(find({ PATH: binOf(root) }).stderr).toContain('No Java was found');
});
