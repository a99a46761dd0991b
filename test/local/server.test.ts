import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRuntime, type LocalOptions, type LocalRuntime } from '../../local/runtime.ts';
import { serve, type Served } from '../../local/server.ts';
import { temporaryDirectory } from '../support/directory.ts';

async function open(dataDir: string, options: Partial<LocalOptions> = {}): Promise<LocalRuntime> {
  const runtime = await openRuntime({ dataDir, ...options });
  onTestFinished(() => runtime.close());
  return runtime;
}

async function start(runtime: LocalRuntime, port = 0): Promise<Served> {
  const served = await serve(runtime, { port, host: '127.0.0.1' });
  onTestFinished(async () => {
    await served.close();
  });
  return served;
}

test('a server answers its health, and an address nobody has is a problem document', async () => {
  const { url } = await start(await open(join(temporaryDirectory(), 'data')));
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.json()]).toMatchObject([200, { status: 'ok', version: '0.1.0' }]);
  const nothing = await fetch(`${url}/no/such/page`);
  expect([nothing.status, nothing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

test.each([
  '/webhooks/x/../../healthz',
  '/webhooks/./../healthz',
  '/x/%2e%2e/healthz',
  '/x/.%2E/healthz?a=1',
  '/healthz/.',
])('%s is nowhere, although it leads somewhere when it is folded', async (path) => {
  const { url } = await start(await open(join(temporaryDirectory(), 'data')));
  const { hostname, port } = new URL(url);
  // `fetch` would fold it before it is sent.
  const [answer] = await once(request({ hostname, port, path }).end(), 'response');
  answer.resume();
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'application/problem+json']);
});

test('a second server on one data directory is refused with exit code 2, naming the first', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const { url } = await start(await open(dataDir));
  const second = serve(await open(dataDir), { port: 0, host: '127.0.0.1' });
  await expect(second).rejects.toMatchObject({ code: 'already_serving', exit: 2 });
  await expect(second).rejects.toThrow(`process ${process.pid} at ${url}`);
});

test('after an orderly stop the directory can be served again', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const runtime = await open(dataDir);
  const first = await serve(runtime, { port: 0, host: '127.0.0.1' });
  expect(await first.close()).toBe('finished');
  const { url } = await start(runtime);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a server that was killed leaves the directory free at once', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const child = spawn(
    process.execPath,
    ['bin/wellspring.mjs', 'serve', '--port', '0', '--json', '--data-dir', dataDir],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [line] = await once(child.stdout, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ event: 'listening' });
  const refused = serve(await open(dataDir), { port: 0, host: '127.0.0.1' });
  await expect(refused).rejects.toThrow(`process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await start(await open(dataDir))).url).toMatch(/^http:/);
});

test('a disk too full to renew the lease on the directory is told, and the server goes on answering', async () => {
  const runtime = await open(join(temporaryDirectory(), 'data'));
  const state: LocalRuntime['state'] = {
    ...runtime.state,
    async acquire(name, options) {
      const taken = await runtime.state.acquire(name, options);
      if (!taken.ok) return taken;
      return { ok: true, lease: { ...taken.lease, renew: () => Promise.reject(new Error('The disk is full.')) } };
    },
  };
  const problems: string[] = [];
  const served = await serve(Object.defineProperties({ ...runtime }, { state: { value: state } }), {
    port: 0,
    host: '127.0.0.1',
    onProblem: (doing, error) => problems.push(`${doing}: ${String(error)}`),
  });
  onTestFinished(async () => {
    await served.close();
  });
  await expect.poll(() => problems).toEqual(['holding the data directory: Error: The disk is full.']);
  expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
});

test('a port that is taken is refused with exit code 2 and a remedy, and the directory stays free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    other.close();
  });
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const runtime = await open(join(temporaryDirectory(), 'data'));
  await expect(serve(runtime, { port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'port_in_use',
    exit: 2,
    remedy: expect.stringContaining('--port'),
  });
  await start(runtime);
});

test('another process on the directory makes its addresses from the server that runs', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const { url } = await start(await open(dataDir));
  expect((await open(dataDir)).publicUrl).toBe(url);
});

test('a public address that was given is told to others too', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  await start(await open(dataDir, { publicUrl: 'https://health.example.org' }));
  expect((await open(dataDir)).publicUrl).toBe('https://health.example.org');
});

test('a stop does not wait for a peer that never finishes its request', async () => {
  const served = await serve(await open(join(temporaryDirectory(), 'data')), { port: 0, host: '127.0.0.1' });
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined).resume();
  // Half a head: neither idle nor answered, so only the cut after the grace ends it.
  socket.write('GET / HTTP/1.1\r\nhost:');
  const closed = once(socket, 'close');
  await served.close();
  await closed;
});
