import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOwnerToken } from '../../local/owner-token.ts';
import { ensurePrivateDirectory, ensureSecret, readSecret, replaceSecret } from '../../local/secret.ts';
import { createRandomIds } from '../../ports/ids/random.ts';

const ids = createRandomIds();
let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'wellspring-secret-')), 'data');
  ensurePrivateDirectory(directory);
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('the data directory and its secrets are readable by their owner alone', () => {
  const file = join(directory, 'ingest.secret');
  ensureSecret(file, () => 'first', ids);
  expect([modeOf(directory), modeOf(file)]).toEqual(['700', '600']);
});

test('a place that cannot be a data directory is refused at once, with the place and a remedy', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  // Nobody can make a directory in /proc, and it says so in a way that makes a recursive mkdir try for ever.
  const places = [file, join(file, 'below'), ...(existsSync('/proc/self') ? ['/proc/nowhere/data'] : [])];
  for (const place of places) {
    expect(() => ensurePrivateDirectory(place), place).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable', exit: 2, message: expect.stringContaining(place) }),
    );
  }
});

test('a secret is made once: who comes second gets the first one', () => {
  const file = join(directory, 'ingest.secret');
  expect(ensureSecret(file, () => 'first', ids)).toEqual({ value: 'first', made: true });
  expect(ensureSecret(file, () => 'second', ids)).toEqual({ value: 'first', made: false });
});

test('when another process makes it in between, its secret holds and no half file is left', () => {
  const file = join(directory, 'ingest.secret');
  const meanwhile = () => {
    ensureSecret(file, () => 'theirs', ids);
    return 'ours';
  };
  expect(ensureSecret(file, meanwhile, ids)).toEqual({ value: 'theirs', made: false });
  expect(readdirSync(directory)).toEqual(['ingest.secret']);
});

test('a replaced secret keeps its mode and is noticed by whoever refreshes', () => {
  const file = join(directory, 'owner.token');
  const owner = createOwnerToken({ file, override: undefined, ids });
  expect(owner.made).toBe(true);
  const before = owner.value();
  replaceSecret(file, 'another-token-of-the-owner', ids);
  expect(owner.value()).toBe(before);
  owner.refresh();
  expect(owner.value()).toBe('another-token-of-the-owner');
  expect([modeOf(file), readSecret(file)]).toEqual(['600', 'another-token-of-the-owner']);
});

test('a token given from outside leaves no file behind', () => {
  const owner = createOwnerToken({ file: join(directory, 'owner.token'), override: 'from-the-environment', ids });
  expect([owner.value(), owner.made, readdirSync(directory)]).toEqual(['from-the-environment', false, []]);
});
