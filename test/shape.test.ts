import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { commands } from '../local/cli/commands.ts';
import { providers } from '../providers/index.ts';
import { missingPieces } from './support/pieces.ts';
import { filesBelow, linesOf, read, withoutComments } from './support/tree.ts';

/** Each test answers the list of what is wrong, so that a failure names it. */
const CODE = ['app', 'bin', 'dashboard', 'local', 'ports', 'providers', 'test'];
const code = CODE.flatMap((folder) => filesBelow(folder, /\.(ts|tsx|mjs)$/));
const ids = Object.keys(providers);
const stem = (path: string) => path.replace(/\.(sql|yml)$/, '');

test('every provider is whole: file, line, fixtures, tests, models and guide', () => {
  const missing = ids.flatMap((id) => missingPieces(id).map((sentence) => `${id}: ${sentence}`));
  expect(missing).toEqual([]);
});

test('beside the files of the providers there is their kit alone', () => {
  const folders = readdirSync('providers', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name)).toEqual(['kit']);
});

test("a provider's id is its file's name", () => {
  const files = readdirSync('providers').filter((name) => name.endsWith('.ts') && name !== 'index.ts');
  expect(files.map((name) => name.replace('.ts', '')).toSorted()).toEqual(ids.toSorted());
  expect(Object.entries(providers).filter(([id, provider]) => id !== provider.id)).toEqual([]);
});

test('every model has its description beside it, and every description its model but that of batches, which engines write', () => {
  const models = filesBelow('models', /\.sql$/).filter((path) => !path.startsWith(join('models', 'audits')));
  const descriptions = filesBelow('models', /\.yml$/);
  const written = join('models', 'marts', 'batches.sql');
  expect([...models, written].map(stem).toSorted()).toEqual(descriptions.map(stem).toSorted());
});

test('staging models are named after the folder of their provider', () => {
  const strangers = filesBelow(join('models', 'staging'), /\.sql$/).filter((path) => {
    const [, , provider = '', name = ''] = path.split('/');
    return !name.startsWith(`stg_${provider}__`);
  });
  expect(strangers).toEqual([]);
});

test('shared code names no provider', () => {
  const quoted = new RegExp(`(['"\`])(${ids.join('|')})\\1`);
  const shared = ['app', 'dashboard', 'ports', 'providers/kit'].flatMap((folder) => filesBelow(folder, /\.tsx?$/));
  expect(shared.filter((path) => quoted.test(withoutComments(path)))).toEqual([]);
});

test('the environment is read in local/environment.ts, and before anything is installed in bin/', () => {
  const readers = code.filter((path) => !path.startsWith('test/') && /process\.env\b/.test(withoutComments(path)));
  expect(readers.filter((path) => !path.startsWith('bin/'))).toEqual(['local/environment.ts']);
});

test('no file is longer than 300 lines and the median source file is short', () => {
  expect(code.filter((path) => linesOf(path) > 300)).toEqual([]);
  const source = code
    .filter((path) => !path.startsWith('test/'))
    .map(linesOf)
    .toSorted((a, b) => a - b);
  const median = source[Math.floor(source.length / 2)] ?? 0;
  expect(median).toBeLessThanOrEqual(60);
});

test('nothing is left for later in a comment, and no rule is switched off where it is broken', () => {
  // Written with a gap each, so that this file does not find itself.
  const words = ['\\bTO DO\\b', 'FIX ME', '@ts- ignore', '@ts- expect', 'oxlint- disable', 'eslint- disable'];
  const left = new RegExp(words.map((word) => word.replace(' ', '')).join('|'));
  expect(code.filter((path) => left.test(read(path)))).toEqual([]);
  expect(read('.oxlintrc.json')).toContain('"typescript/no-explicit-any": "error"');
});

test('no file is called after nothing', () => {
  const hollow = /(^|[/.-])(utils?|helpers?|common|manager|service|impl)([/.-]|$)/;
  // A driver is called as its technology is.
  const named = code.map((path) => path.replaceAll('secrets-manager', 'secretsmanager'));
  expect(named.filter((path) => hollow.test(path))).toEqual([]);
});

test('every command has a file of its name, and the documents name no other', () => {
  const named = Object.keys(commands);
  expect(named.filter((name) => !existsSync(join('local', 'cli', `${name}.ts`)))).toEqual([]);
  const documents = ['README.md', ...filesBelow('docs', /\.md$/)];
  const mentioned = documents.flatMap((path) =>
    [...read(path).matchAll(/(?:^|`|\s)(?:npm run -s wellspring --|wellspring) ([a-z][a-z-]+)\b/gm)].map((match) => ({
      path,
      name: match[1] ?? '',
    })),
  );
  expect(mentioned.length).toBeGreaterThan(10);
  expect(mentioned.filter(({ name }) => !named.includes(name))).toEqual([]);
});

test('every script the README names is one of package.json', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
  const named = [...read('README.md').matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1] ?? '');
  expect(named).toContain('demo');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('links between the documents lead somewhere', () => {
  const documents = ['README.md', 'models/README.md', ...filesBelow('docs', /\.md$/)];
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map((match) => join(path, '..', match[1] ?? match[2] ?? ''))
      .filter((target) => !existsSync(target))
      .map((target) => `${path} → ${target}`),
  );
  expect(broken).toEqual([]);
});
