import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProvider } from '../../../providers/index.ts';
import { TRANSLATED_LATER } from './later.ts';

const fixtures = new URL('../../fixtures/', import.meta.url);
const folders = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const here = new URL('./', import.meta.url);

/** A test of the provider names a payload by its file; the ending is the same for many. */
function isTested(provider: string, name: string): boolean {
  const tests = readdirSync(here).filter((file) => file.startsWith(provider) && file.endsWith('.test.ts'));
  const named = new RegExp(`['"\`/]${name.replace(/\.json$/, '')}(\\.json)?['"\`]`);
  return tests.some((file) => named.test(readFileSync(new URL(file, here), 'utf8')));
}

test('every recorded payload is in a golden test or named as left for later', () => {
  const recorded = folders
    .map(({ name }) => name)
    .filter((name) => findProvider(name) !== undefined)
    .flatMap((provider) =>
      readdirSync(new URL(`${provider}/`, fixtures))
        .filter((name) => /\.(json|csv|xml|gpx)$/.test(name))
        .map((name) => ({ provider, path: `${provider}/${name}`, name })),
    );
  expect(recorded.length).toBeGreaterThan(50);
  const left = recorded.filter(
    ({ provider, path, name }) => !isTested(provider, name) && !Object.hasOwn(TRANSLATED_LATER, path),
  );
  expect(left.map(({ path }) => path)).toEqual([]);
});
