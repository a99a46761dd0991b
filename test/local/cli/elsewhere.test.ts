import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from '../../support/terminal.ts';

/** A server that is none of ours: it gives the same answer to everything. */
async function open(status: number, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  const server = createServer((_, answer) => answer.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return `http://127.0.0.1:${address.port}`;
}

const TOKEN = 'a-token-nobody-sees';
const page = () => open(200, { 'content-type': 'text/html' }, '<h1>Welcome</h1>');
const another = () => open(200, { 'content-type': 'application/json' }, '{"hello":"world"}');

test.each([
  ['status', ['status'], page],
  ['urls', ['urls'], page],
  ['user list', ['user', 'list'], page],
  ['process', ['process'], page],
  ['redrive', ['redrive'], page],
  ['export', ['export', '--user', 'Ann', '--out', '/nowhere-at-all.zip'], page],
  ['explain', ['explain', '--user', 'Ann', '--day', '2026-11-20', '--metric', 'steps'], page],
  ['status, of another program', ['status'], another],
])('%s says that an address is not of such a server, in a sentence', async (_, words, server) => {
  const { code, err, out } = await runCommand([...words, '--url', await server(), '--token', TOKEN, '--json']);
  expect([code, out]).toEqual([4, '']);
  const told: unknown = JSON.parse(err.trim().split('\n').at(-1) ?? '');
  expect(told).toMatchObject({ error: { code: 'not_wellspring', remedy: expect.stringContaining('address') } });
  expect(err).not.toContain(TOKEN);
});

test('doctor says so too, and that it is required', async () => {
  const { code, out } = await runCommand(['doctor', '--url', await page(), '--token', TOKEN]);
  expect(code).toBe(1);
  expect(out).toMatch(/^✗ server: .* did not answer as a Wellspring server does\.\n {2}→ Check the address/);
});

test('an address that sends elsewhere is not followed, and where it leads is told', async () => {
  const url = await open(301, { location: 'https://health.example.org/api?secret=x' }, '');
  const { code, err } = await runCommand(['status', '--url', url, '--token', TOKEN]);
  expect(code).toBe(4);
  expect(err).toContain('server_moved');
  expect(err).toContain('--url https://health.example.org');
  expect(err).not.toContain('secret=x');
});
