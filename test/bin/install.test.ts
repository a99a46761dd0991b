import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A bare copy of the first step with nothing to download: an empty set of dependencies is enough for `npm ci`. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wellspring-install-'));
  mkdirSync(join(root, 'bin'));
  for (const file of ['install.mjs', 'lock.mjs']) copyFileSync(join('bin', file), join(root, 'bin', file));
  writeFileSync(join(root, 'package.json'), '{"name":"tiny","version":"1.0.0","private":true}');
  writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string): void {
  const lock = {
    name: 'tiny',
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'tiny', version } },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'install.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const installs = (...ended: readonly Ended[]) => ended.filter(({ stderr }) => stderr.includes('Installing')).length;

test('two starts at once install once, both succeed, and stdout stays empty', async () => {
  const both = await Promise.all([start(), start()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(installs(...both)).toBe(1);
  expect(both.map(({ stdout }) => stdout)).toEqual(['', '']);
  expect(existsSync(join(root, '.install-lock'))).toBe(false);
});

test('a finished install is not repeated, a changed lock file is installed again', async () => {
  await start();
  expect(await start()).toEqual({ code: 0, stdout: '', stderr: '' });
  writeFileSync(join(root, 'package.json'), '{"name":"tiny","version":"1.0.1","private":true}');
  writeLock('1.0.1');
  expect(installs(await start())).toBe(1);
  expect(await start()).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a lock left by a process that is gone is taken over, also by two starts at once', async () => {
  mkdirSync(join(root, '.install-lock'));
  // Above the largest process id Linux gives out (4194304).
  writeFileSync(join(root, '.install-lock', 'owner'), '4194305 gone\n');
  const both = await Promise.all([start(), start()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(installs(...both)).toBe(1);
  expect(existsSync(join(root, '.install-lock'))).toBe(false);
});

test('an install that fails says what to do, leaves no stamp and no lock, and the next start tries again', async () => {
  // package.json asks for something the lock file does not hold: npm ci refuses that before it asks any registry.
  writeFileSync(
    join(root, 'package.json'),
    '{"name":"tiny","version":"1.0.0","dependencies":{"missing":"file:./nowhere"}}',
  );
  const failed = await start();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('Installing the dependencies failed');
  expect(existsSync(join(root, '.install-lock'))).toBe(false);
  writeFileSync(join(root, 'package.json'), '{"name":"tiny","version":"1.0.0"}');
  expect((await start()).code).toBe(0);
});

test('the needed version of Node is the one package.json states', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ engines: { node: '>=20.19' } });
  expect(readFileSync('bin/install.mjs', 'utf8')).toContain('major === 20 && minor < 19');
});
