import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../../providers/kit/api.ts';
import { createEgress } from '../../../../providers/kit/egress/create.ts';
import type { SendOptions } from '../../../../providers/kit/egress/egress.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { openLine, openOrigin } from '../../../support/origin.ts';
import { TIME_OUT_MS } from '../../../support/time-out.ts';

const DOOR = { id: 'toy' };
const GET: ApiRequest = { method: 'GET', url: 'https://api.toy.example/v2/user?a=1' };

/** Sends with the toy's origin replaced. */
function send(baseUrl: string | undefined, request: ApiRequest = GET, options: SendOptions = {}) {
  return createEgress({ settings: () => ({ baseUrl }) }).send(DOOR, request, { timeoutMs: TIME_OUT_MS, ...options });
}

/** A server that answers what it was asked. */
const echo = () =>
  openOrigin((asked, answer) => {
    const { method, url, headers } = asked;
    let body = '';
    asked.on('data', (chunk) => (body += String(chunk)));
    asked.on('end', () => answer.end(JSON.stringify({ method, url, headers, body })));
  });

/** What the echoing server saw. */
async function seen(request: ApiRequest, options?: SendOptions): Promise<unknown> {
  const result = await send(await echo(), request, options);
  return JSON.parse(result.ok ? Buffer.from(result.answer.body).toString() : 'null');
}

describe('a request to a provider', () => {
  it('keeps path and query under another origin, and carries our name and the bearer', async () => {
    const query = { next: 'a b&c', d: 'é' };
    const sent = await seen({ ...GET, query, headers: { 'X-Own': 'yes' } }, { bearer: new Secret('tok-1') });
    expect(sent).toMatchObject({
      method: 'GET',
      url: '/v2/user?a=1&next=a+b%26c&d=%C3%A9',
      headers: { 'user-agent': 'wellspring', authorization: 'Bearer tok-1', 'x-own': 'yes', 'accept-encoding': 'gzip' },
      body: '',
    });
  });

  it('encodes a form and a JSON body, each with its length', async () => {
    expect(await seen({ method: 'POST', url: GET.url, form: { action: 'getmeas', note: 'a&b=é' } })).toMatchObject({
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(14 + 6 + 14) },
      body: 'action=getmeas&note=a%26b%3D%C3%A9',
    });
    expect(await seen({ method: 'PUT', url: GET.url, json: { a: ['é'] } })).toMatchObject({
      headers: { 'content-type': 'application/json', 'content-length': String('{"a":["é"]}'.length + 1) },
      body: '{"a":["é"]}',
    });
    expect(await seen({ method: 'DELETE', url: GET.url })).toMatchObject({ headers: { 'content-length': '0' } });
  });

  it('is answered with status, headers and bytes, whatever the status is', async () => {
    for (const status of [200, 204, 400, 401, 429, 500, 503]) {
      const base = await openOrigin((_asked, answer) => answer.writeHead(status, { 'Retry-After': '7' }).end());
      expect(await send(base)).toMatchObject({ ok: true, answer: { status, headers: { 'retry-after': '7' } } });
    }
  });

  it.each([
    'http://api.toy.example/x',
    'https://u:p@api.toy.example/x',
    'https://u@api.toy.example/x',
    'file:///x',
    'x',
  ])('is not sent to %s', async (url) => {
    let asked = 0;
    const base = await openOrigin((_asked, answer) => answer.end(String((asked += 1))));
    for (const baseUrl of [undefined, base]) {
      expect(await send(baseUrl, { method: 'GET', url })).toMatchObject({ reason: 'refused_address', sent: false });
    }
    expect(asked).toBe(0);
  });

  it('says that nothing left when no connection was made', async () => {
    const base = await openLine(() => undefined);
    const closed = base.replace(/\d+$/, '1');
    expect(await send(closed)).toMatchObject({ ok: false, reason: 'unreachable', sent: false });
    expect(await send('http://name.invalid')).toMatchObject({ ok: false, reason: 'unreachable', sent: false });
  });

  it('does not throw for a token no header can carry, nor show it', async () => {
    const result = await send(await echo(), GET, { bearer: new Secret('tok\r\nX-Evil: 1') });
    expect(result).toMatchObject({ ok: false, reason: 'unreachable', sent: false });
    expect(JSON.stringify(result)).not.toContain('tok');
  });
});

const packed = (encoding: string, bytes: Uint8Array) =>
  openOrigin((_asked, answer) => answer.writeHead(200, { 'content-encoding': encoding }).end(bytes));

describe('a packed answer', () => {
  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['X-GZIP', gzipSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['identity', Buffer.from('{"a":1}')],
  ])('is unpacked: %s', async (encoding, bytes) => {
    const result = await send(await packed(encoding, bytes));
    expect(result.ok && Buffer.from(result.answer.body).toString()).toBe('{"a":1}');
  });

  it('is counted as it is unpacked: a bomb is too large', async () => {
    const bomb = gzipSync(new Uint8Array(64_000_000));
    expect(bomb.byteLength).toBeLessThan(100_000);
    const result = await send(await packed('gzip', bomb), GET, { maxBytes: 1_000_000 });
    expect(result).toMatchObject({ ok: false, reason: 'too_large', sent: true });
  });

  it('is accepted up to the cap to the byte, plain and packed', async () => {
    for (const encoding of ['gzip', 'identity']) {
      for (const [bytes, ok] of [
        [1000, true],
        [1001, false],
      ] as const) {
        const body = new Uint8Array(bytes);
        const base = await packed(encoding, encoding === 'gzip' ? gzipSync(body) : body);
        expect(await send(base, GET, { maxBytes: 1000 })).toMatchObject(ok ? { ok } : { ok, reason: 'too_large' });
      }
    }
  });

  it.each([
    ['cut short', 'gzip', gzipSync('x'.repeat(5000)).subarray(0, 20)],
    ['empty where it says packed', 'gzip', gzipSync('x'.repeat(500)).subarray(0, 3)],
    ['not what it says', 'gzip', Buffer.from('<html>maintenance</html>')],
    ['damaged', 'gzip', gzipSync('x'.repeat(500)).fill(7, 12, 18)],
    ['packed twice', 'gzip, gzip', gzipSync(gzipSync('x'))],
    ['of an unknown kind', 'zstd', Buffer.from('x')],
  ])('is broken when it is %s', async (_how, encoding, bytes) => {
    expect(await send(await packed(encoding, bytes))).toMatchObject({ ok: false, reason: 'broken', sent: true });
  });
});
