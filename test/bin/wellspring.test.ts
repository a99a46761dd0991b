import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRuntime } from '../../local/runtime.ts';
import { temporaryDirectory } from '../support/directory.ts';

/** The real program in a process of its own: what in-process tests cannot show. */
function start(words: readonly string[], cwd = '.'): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [resolve('bin/wellspring.mjs'), ...words], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code), stdout, stderr }));
  return { child, ended };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

test('it starts from any directory', async () => {
  const { ended } = start(['--version'], temporaryDirectory());
  expect(await ended).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});

test('a reader that leaves early is no error', async () => {
  const { child, ended } = start(['--help']);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('serve announces itself in one line of JSON, shows a new owner token on stderr once, and Ctrl-C stops it with code 0', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const serveOnce = async (): Promise<Ended> => {
    const { child, ended } = start(['serve', '--port', '0', '--json', '--data-dir', dataDir]);
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGINT');
    return ended;
  };
  const [first, second] = [await serveOnce(), await serveOnce()];
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(first.stdout).toMatch(/^\{"event":"listening","url":"http:\/\/127\.0\.0\.1:\d+"\}\n$/);
  expect(first.stderr).toMatch(/owner token, shown this once .*: w_/);
  expect(second.stderr).not.toContain('w_');
});

test('a server stops at once though a delivery still waits for the batch rule', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const { child, ended } = start(['serve', '--port', '0', '--json', '--data-dir', dataDir]);
  if (child.stdout !== null) await once(child.stdout, 'data');
  const { stdout } = await start(['urls', 'garmin', '--json', '--data-dir', dataDir]).ended;
  const address = /"webhook_url":"([^"]+)"/.exec(stdout)?.[1] ?? '';
  const body = '{"dailies":[{"userId":"somebody","summaryId":"one"}]}';
  expect((await fetch(address, { method: 'POST', body })).status).toBe(200);
  child.kill('SIGTERM');
  // The rule's window is fifteen minutes: the test's own time is the limit.
  expect((await ended).code).toBe(0);
});

test('in a directory others may enter, what it writes is still its owner’s alone', async () => {
  const dataDir = temporaryDirectory();
  chmodSync(dataDir, 0o755);
  await start(['user', 'add', 'Ann', '--data-dir', dataDir]).ended;
  expect(await start(['process', '--data-dir', dataDir]).ended).toMatchObject({ code: 0 });
  const paths = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
  expect(paths.filter((path) => path.endsWith('.parquet')).length).toBeGreaterThan(0);
  expect(paths.filter((path) => (statSync(join(dataDir, path)).mode & 0o077) !== 0)).toEqual([]);
});

test('Ctrl-C in the middle of work is exit code 130', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const runtime = await openRuntime({ dataDir });
  onTestFinished(() => runtime.close());
  // Held here, so that the other process waits for it.
  const held = await runtime.state.acquire('batch', { ttlMs: 60_000 });
  expect(held.ok).toBe(true);
  const { child, ended } = start(['process', '--data-dir', dataDir]);
  // It says what it does when it begins, and then waits for the lease.
  if (child.stderr !== null) await once(child.stderr, 'data');
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
});
