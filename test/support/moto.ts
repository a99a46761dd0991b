import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AwsConnection } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';

const PYTHON = fileURLToPath(new URL('../../.python/bin', import.meta.url));
const SERVER = fileURLToPath(new URL('../python/serve_moto.py', import.meta.url));
/** Python reads all of moto before it answers: for minutes, where a machine is slow. */
export const STARTS_WITHIN_MS = 180_000;
const clock = createSystemClock();

/** Whether `bin/python.mjs` has put moto in place. */
export const hasMoto = existsSync(join(PYTHON, 'moto_server'));

export interface Moto {
  readonly url: string;
  readonly connection: AwsConnection;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** AWS as moto plays it, on a free port of this machine; in its own process, ended by `stop`. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(join(PYTHON, 'python'), [SERVER, String(port)], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], MOTO_IAM_LOAD_MANAGED_POLICIES: 'false' },
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const deadline = clock.now() + STARTS_WITHIN_MS;
  while (!(await answers(url))) {
    if (clock.now() > deadline) throw new Error('moto did not start.');
    await clock.sleep(100);
  }
  // The SDK wants credentials, whatever they are.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' });
  return {
    url,
    connection: { endpoint: url, region: 'us-east-1', attempts: 1 },
    reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: 'POST' })),
    async stop() {
      server.kill();
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/data.json`).then(
    (answer) => answer.ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
