import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createOAuthClient } from '../../../../providers/kit/oauth/client.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { oauthWith } from '../../../app/refresh/parts.ts';
import { openAnswering } from '../../../support/answering.ts';
import { CERTIFICATE, SENT, SENT_OVER_TLS, UNSENT, untrusted } from '../../../support/broken-lines.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { TIME_OUT_MS } from '../../../support/time-out.ts';

const CHILD = fileURLToPath(new URL('sent.child.ts', import.meta.url));

async function refreshAt(baseUrl: string, secrets: readonly string[] = ['secret']) {
  const settings = { clientId: 'us', clientSecrets: secrets.map((text) => new Secret(text)), baseUrl };
  const provider = { id: 'somewhere', oauth: oauthWith({ rotates: true }) };
  const client = createOAuthClient({ provider, settings, nowMs: () => 0, timeoutMs: TIME_OUT_MS });
  // The library is loaded here, so that the time of the call is the call's alone.
  await client.authorizeUrl({ redirectUri: 'https://well.example/', state: 's' });
  return client.refresh(new Secret('token'));
}

test.each(Object.entries(UNSENT))('%s: the token was not presented', async (_, open) => {
  expect(await refreshAt(await open())).toEqual({ ok: false, kind: 'later' });
});

test.each(Object.entries(SENT))('%s: the token may have been used up', async (_, open) => {
  expect(await refreshAt(await open())).toEqual({ ok: false, kind: 'unknown' });
});

test('over TLS the token may have been used up once hands were shaken', async () => {
  const trusted = join(temporaryDirectory(), 'trusted.pem');
  writeFileSync(trusted, CERTIFICATE);
  const names = Object.keys(SENT_OVER_TLS);
  const urls = await Promise.all(Object.values(SENT_OVER_TLS).map((open) => open()));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD, ...urls], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted },
  });
  const heard: readonly unknown[] = JSON.parse(stdout);
  expect(names.map((name, at) => [name, heard[at]])).toEqual(names.map((name) => [name, 'unknown']));
});

test('a certificate nobody vouches for is shown no token, whatever the environment says', async () => {
  // The switch people turn to when a certificate is in their way must not open this door.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await refreshAt(await untrusted())).toEqual({ ok: false, kind: 'later' });
});

test('no line is kept for the next call: one that is offered and then broken leaves no doubt', async () => {
  const lines = new Set<unknown>();
  let calls = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    lines.add(request.socket);
    calls += 1;
    if (calls === 2) request.socket.resetAndDestroy();
    else response.writeHead(400, { 'content-type': 'application/json', connection: 'keep-alive' }).end('{"error":"x"}');
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  expect(await refreshAt(url)).toMatchObject({ kind: 'refused' });
  expect(await refreshAt(url)).toEqual({ ok: false, kind: 'unknown' });
  expect([calls, lines.size]).toEqual([2, 2]);
});

const JSON_TYPE = { 'content-type': 'application/json' };
const WRONG_SECRET = '{"error":"invalid_client"}';

test('a second secret is not tried when its call could be cut off by the deadline of both', async () => {
  const { url, asked } = await openAnswering((response) => {
    // More than half of the time.
    setTimeout(() => response.writeHead(401, JSON_TYPE).end(WRONG_SECRET), 0.6 * TIME_OUT_MS);
  });
  // Not refused: there is a secret that was not tried.
  expect(await refreshAt(url, ['newer', 'older'])).toEqual({ ok: false, kind: 'later' });
  expect(asked).toHaveLength(1);
});

test('while a secret is replaced the second call has what the first has left', async () => {
  const { url, asked } = await openAnswering((response, { form }) => {
    const isFirst = form['client_secret'] === 'newer';
    // The second answer would be in time alone, and is not after the first.
    const [after, status, body] = isFirst ? [0.06, 401, WRONG_SECRET] : [0.95, 200, '{"access_token":"aaa"}'];
    setTimeout(() => response.writeHead(status, JSON_TYPE).end(body), after * TIME_OUT_MS);
  });
  expect(await refreshAt(url, ['newer', 'older'])).toEqual({ ok: false, kind: 'unknown' });
  expect(asked).toHaveLength(2);
});

test('head and body of an answer have one deadline', async () => {
  const { url } = await openAnswering((response) => {
    setTimeout(() => response.writeHead(200, JSON_TYPE).write('{"access_token":'), 0.6 * TIME_OUT_MS);
    setTimeout(() => response.end('"aaa"}'), 1.1 * TIME_OUT_MS);
  });
  expect(await refreshAt(url)).toEqual({ ok: false, kind: 'unknown' });
});
