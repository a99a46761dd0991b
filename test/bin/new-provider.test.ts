import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { missingPieces } from '../support/pieces.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { filesBelow } from '../support/tree.ts';

const TREE = ['app', 'bin', 'docs', 'local', 'models', 'ports', 'providers', 'test', 'dashboard'];
const FILES = ['package.json', 'tsconfig.json', 'vitest.config.ts', '.oxlintrc.json', '.oxfmtrc.json'];

/** A copy of the tree that shares what is installed. */
function copyOfTree(): string {
  const root = path.join(temporaryDirectory(), 'tree');
  mkdirSync(root);
  for (const name of [...TREE, ...FILES])
    if (existsSync(name)) cpSync(name, path.join(root, name), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
  return root;
}

function generate(root: string, ...words: readonly string[]) {
  const run = spawnSync(process.execPath, ['bin/new-provider.mjs', ...words], { cwd: root, encoding: 'utf8' });
  return { code: run.status, said: run.stderr };
}

/** What a tool of the project says about the copy, and whether it was content. */
function tool(root: string, name: string, ...words: readonly string[]) {
  const run = spawnSync(process.execPath, [path.join('node_modules', ...name.split('/')), ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], CI: '1', NO_COLOR: '1' },
  });
  return { code: run.status, said: `${run.stdout}${run.stderr}`.replaceAll('\\"', '"') };
}

const VITEST = ['vitest/vitest.mjs', 'run', '--project', 'unit'] as const;

test('the skeleton is whole, compiles and is formatted, and its tests name what is left to do', () => {
  const root = copyOfTree();
  expect(generate(root, 'acme', 'Acme')).toEqual({ code: 0, said: '' });
  expect(missingPieces('acme', root)).toEqual([]);
  const mine = filesBelow(root, /acme.*\.ts$/).filter((file) => !file.includes('node_modules'));
  expect(mine.map((file) => path.relative(root, file))).toEqual([
    'providers/acme.ts',
    'test/models/golden/acme.test.ts',
    'test/providers/acme.test.ts',
  ]);
  const own = { extends: './tsconfig.json', include: [...mine, 'providers/index.ts'] };
  writeFileSync(path.join(root, 'tsconfig.acme.json'), JSON.stringify(own));
  expect(tool(root, 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.acme.json')).toEqual({ code: 0, said: '' });
  expect(tool(root, 'oxlint/bin/oxlint', ...mine)).toMatchObject({ code: 0 });
  const formatted = [...filesBelow(root, /acme.*\.(ts|md|yml)$/), 'providers/index.ts'];
  expect(tool(root, 'oxfmt/bin/oxfmt', '--check', ...formatted)).toMatchObject({ code: 0 });

  const run = tool(root, ...VITEST, 'acme');
  expect(run.code).not.toBe(0);
  const failed = [...new Set([...run.said.matchAll(/FAIL .* > (.+)$/gm)].map((match) => match[1] ?? ''))];
  expect(failed.toSorted()).toEqual([
    'it says where it is documented and where its address is entered',
    'its guide says what is needed, how it is set up, checked and ended, and what its limits are',
    'the recorded payloads become values of days',
    'there is a recorded delivery',
  ]);
  for (const words of [
    "put the address of the provider's own documents there",
    'the section "Check it" is not written',
    'acme: put a body as the provider sends it below test/fixtures',
    'acme: say in EXPECTED which values of days',
  ]) {
    expect(run.said).toContain(words);
  }
}, 240_000);

test('what docs/adding-a-provider.md writes makes a provider whose weight is a value of a day', () => {
  const root = copyOfTree();
  const document = readFileSync('docs/adding-a-provider.md', 'utf8');
  const [, command = ''] = /^npm run new-provider -- (.+)$/m.exec(document) ?? [];
  expect(generate(root, ...command.replaceAll('"', '').split(' '))).toMatchObject({ code: 0 });
  const blocks = [...document.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)];
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  for (const [, file = '', text = ''] of blocks) {
    // Only files the skeleton knows of, or recorded payloads: the document leaves nothing to guess.
    expect(existsSync(path.join(root, file)) || file.startsWith('test/fixtures/acme/')).toBe(true);
    writeFileSync(path.join(root, file), text);
  }
  expect(missingPieces('acme', root)).toEqual([]);
  const run = tool(root, ...VITEST, 'acme', 'test/providers/index.test.ts');
  expect(run.said).toMatch(/Tests .*\d+ passed/);
  expect(run.said).not.toMatch(/FAIL/);
  expect(run.code).toBe(0);
}, 240_000);

test.each([
  [[], 'An id is'],
  [['Acme'], 'An id is'],
  [['../x'], 'An id is'],
  [['a'], 'An id is'],
  [['class'], 'cannot be an id'],
  [['kit'], 'cannot be an id'],
  [['wellspring'], 'cannot be an id'],
  [['garmin'], 'is there already'],
  [['acme', "'; drop"], 'The name is'],
  [['acme', 'Two', 'words'], 'in quotes'],
])('%j is refused with the reason, and nothing is written', (words, reason) => {
  const root = path.join(temporaryDirectory(), 'tree');
  for (const name of ['bin', 'models', 'providers']) cpSync(name, path.join(root, name), { recursive: true });
  const before = stateOf(root);
  const { code, said } = generate(root, ...words);
  expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(reason) });
  expect(stateOf(root)).toBe(before);
});

test('asked twice it writes once', () => {
  const root = path.join(temporaryDirectory(), 'tree');
  for (const name of ['bin', 'models', 'providers']) cpSync(name, path.join(root, name), { recursive: true });
  expect(generate(root, 'acme')).toMatchObject({ code: 0 });
  const before = stateOf(root);
  expect(generate(root, 'acme')).toMatchObject({ code: 2 });
  expect(stateOf(root)).toBe(before);
});

/** Every file below a folder with its text, as one text. */
function stateOf(root: string): string {
  return filesBelow(root, /./)
    .map((file) => `${file}\n${readFileSync(file, 'utf8')}`)
    .join('\n');
}
