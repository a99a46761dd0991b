import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as pulumi from '@pulumi/pulumi';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { environments, type FunctionName } from '../../handlers/environment.ts';
import { jobFiles, readBundles } from '../../infra/bundles.ts';
import { filesBelow } from '../support/tree.ts';
import { type Bundles, build } from '../support/lambda.ts';

// What `npm run build` writes. How fast a function starts on AWS itself only AWS can say; bench/receive.ts measures it on this machine.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = Object.keys(environments)
  .filter((name): name is FunctionName => name in environments)
  .toSorted();
const manifest = z.record(z.string(), z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }));

const versioned = z.object({ version: z.string() });
const version = (path: string): string => versioned.parse(JSON.parse(readFileSync(path, 'utf8'))).version;
const NATIVE = '@duckdb/node-bindings-linux-arm64';

let built: Bundles;
let again: Bundles;
beforeAll(async () => {
  built = await build();
  again = await build();
}, 300_000);
afterAll(() => Promise.all([built.remove(), again.remove()]));

const inside = (bundles: Bundles, path: string): Buffer => readFileSync(join(bundles.out, path));
const tree = (bundles: Bundles): readonly string[] =>
  readdirSync(bundles.out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(bundles.out.length + 1))
    .toSorted();
const code = (name: string): string => inside(built, `${name}/index.mjs`).toString();

test('the build ends well, and names every function with its sizes', () => {
  expect(built.code, built.printed).toBe(0);
  for (const name of functions) expect(built.printed).toMatch(new RegExp(`^${name} +\\d+ +\\d+ +\\d+$`, 'm'));
});

test('the first thing a provider waits for is small', () => {
  expect(inside(built, 'receive/index.mjs').length).toBeLessThanOrEqual(500_000);
});

test('two builds of the same sources are the same bytes', () => {
  expect(tree(again)).toEqual(tree(built));
  expect(tree(built).filter((path) => !inside(built, path).equals(inside(again, path)))).toEqual([]);
});

test('the manifest names every part the stack uploads, each with a hash that its bytes decide', () => {
  const parts = manifest.parse(JSON.parse(inside(built, 'manifest.json').toString()));
  expect(Object.keys(parts).toSorted()).toEqual([...functions, ...jobFiles].toSorted());
  expect(new Set(Object.values(parts).map(({ sha256 }) => sha256)).size).toBe(functions.length + jobFiles.length);
  const there = tree(built);
  for (const { file } of Object.values(parts))
    expect(there.some((path) => path === file || path.startsWith(`${file}/`))).toBe(true);
});

test('the program uploads the whole folder of a function, and of a job one file: the engine refuses anything else', async () => {
  const bundles = readBundles(built.out);
  for (const name of functions) {
    const archive = bundles.archive(name);
    if (!(archive instanceof pulumi.asset.FileArchive)) throw new Error(`${name} is no folder`);
    const folder = await archive.path;
    expect(statSync(folder).isDirectory(), name).toBe(true);
    expect(readdirSync(folder)).toContain('index.mjs');
  }
  for (const name of jobFiles) expect(statSync(bundles.file(name).file).isFile(), name).toBe(true);
});

test('no function but the one that computes brings DuckDB, none the database of one machine or the path it was built at', () => {
  for (const name of functions) {
    expect(code(name)).not.toMatch(/require\("libsql"\)|@neon-rs/);
    if (name !== 'transform') expect(code(name)).not.toMatch(/duckdb\.node|node-bindings/);
    expect(code(name)).not.toContain(ROOT.replace(/\/$/, ''));
  }
});

test('the function that computes brings DuckDB for the machines Lambda has, in the version its code is made for, and all models', () => {
  for (const file of ['duckdb.node', 'libduckdb.so']) {
    const library = inside(built, `transform/node_modules/${NATIVE}/${file}`);
    // An ELF file of 64 bits; its machine, at byte 18, is AArch64.
    expect([library.toString('latin1', 1, 4), library[4], library.readUInt16LE(18)]).toEqual(['ELF', 2, 0xb7]);
  }
  const brought = join(built.out, 'transform/node_modules', NATIVE, 'package.json');
  expect(version(brought)).toBe(version(join(ROOT, 'node_modules/@duckdb/node-api/package.json')));
  const models = filesBelow(join(ROOT, 'models'), /\.(sql|yml|csv)$/).map((path) =>
    path.slice(path.indexOf('models/')),
  );
  expect(tree(built)).toEqual(expect.arrayContaining(models.map((path) => `transform/${path}`)));
});

test('its code finds DuckDB from where it lies', () => {
  const ask = `require('node:module').createRequire(process.argv[1])('@duckdb/node-bindings').library_version()`;
  // This machine has its own of the native files; the package that chooses among them is the bundle's.
  const env = { PATH: process.env['PATH'], NODE_PATH: join(ROOT, 'node_modules') };
  const from = join(built.out, 'transform/index.mjs');
  expect(spawnSync(process.execPath, ['-p', ask, from], { env, encoding: 'utf8' }).stdout).toMatch(/^v\d+\.\d+\.\d+$/m);
});

test('DuckDB that cannot be fetched is said with what to do, and nothing half fetched is left', async () => {
  const place = await mkdtemp(join(tmpdir(), 'wellspring-native-'));
  symlinkSync(join(ROOT, 'package-lock.json'), join(place, 'package-lock.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  const fetching = `import(${JSON.stringify(pathToFileURL(join(ROOT, 'bin/build/native.mjs')).href)}).then((one) => one.native())`;
  const nowhere = {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: place,
  };
  const env = { PATH: process.env['PATH'], HOME: place, ...nowhere };
  const { status, stderr } = spawnSync(process.execPath, ['-e', fetching], { cwd: place, env, encoding: 'utf8' });
  expect([status, readdirSync(join(place, '.native'))]).toEqual([1, []]);
  expect(stderr).toMatch(/node-bindings-linux-arm64 .* could not be fetched .* Build again when the registry answers/);
  await rm(place, { recursive: true });
}, 60_000);

test('receive has the clients of S3, EventBridge and Secrets Manager and of nothing else', () => {
  const clients = [...code('receive').matchAll(/@aws-sdk\/client-([a-z0-9-]+)/g)].map(([, name]) => name);
  expect(new Set(clients)).toEqual(new Set(['eventbridge', 's3', 'secrets-manager']));
});

test('what pages and API read while they run lies in the bundle where they look for it', () => {
  expect(
    tree(built)
      .filter((path) => path.startsWith('web/') && path !== 'web/index.mjs')
      .map((path) => basename(path)),
  ).toEqual(expect.arrayContaining(['base.css', 'page.js', 'metrics.csv', 'uPlot.iife.min.js']));
});

test('the zips hold the models and the package as they are in the tree', () => {
  const models = unzipSync(inside(built, 'models.zip'));
  const sql = filesBelow(join(ROOT, 'models'), /\.(sql|yml|csv)$/).map((path) =>
    path.slice(path.indexOf('models/') + 'models/'.length),
  );
  expect(Object.keys(models)).toEqual(expect.arrayContaining(sql));
  expect(Buffer.from(models['metrics.csv'] ?? '').equals(readFileSync(join(ROOT, 'models/metrics.csv')))).toBe(true);
  const names = Object.keys(unzipSync(inside(built, 'wellspring.zip')));
  expect(names).toContain('wellspring/__init__.py');
  expect(names.filter((name) => !name.startsWith('wellspring/') || name.includes('__pycache__'))).toEqual([]);
});

test('every handler is at most thirty lines and says what calls it', () => {
  for (const name of functions) {
    const lines = readFileSync(join(ROOT, 'handlers', `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.length, name).toBeLessThanOrEqual(30);
    expect(lines.join('\n'), name).toMatch(/\/\*\* .+ \*\/\nexport const handler = /);
  }
});
