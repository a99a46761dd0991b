import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createEgress } from '../../../../providers/kit/egress/create.ts';
import type { SendOptions } from '../../../../providers/kit/egress/egress.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { openLine, openOrigin } from '../../../support/origin.ts';
import { TIME_OUT_MS } from '../../../support/time-out.ts';

const CANARY = 'CANARY7f3a';

/** Asks with a secret in the address and another in the header; no failure may ever hold either. */
async function ask(baseUrl: string, options: SendOptions = {}) {
  const egress = createEgress({ settings: () => ({ baseUrl }) });
  const request = { method: 'POST', url: `https://api.toy.example/x?token=${CANARY}`, form: { code: CANARY } } as const;
  const bearer = new Secret(CANARY);
  const result = await egress.send({ id: 'toy' }, request, {
    timeoutMs: TIME_OUT_MS,
    maxBytes: 100_000,
    bearer,
    ...options,
  });
  if (!result.ok) expect(JSON.stringify(result)).not.toMatch(/CANARY|token=/);
  return result;
}

/** Says `text` once it is asked, then does `then`. */
const saying = (text: string, then: (socket: Socket) => void = (socket) => socket.end()) =>
  openLine((socket) => {
    socket.once('data', () => {
      socket.write(text);
      then(socket);
    });
  });

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** Writes for as long as somebody reads, and tells how much was taken. */
function pour(socket: Socket, poured: { bytes: number }, chunk = 'x'.repeat(65_536)): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk)) poured.bytes += chunk.length;
  };
  socket.on('drain', more);
  more();
}

describe('a provider that misbehaves', () => {
  it.each([300, 301, 302, 303, 304, 307, 308])('is not followed where it redirects: %s', async (status) => {
    let elsewhere = 0;
    const target = await openOrigin((_asked, answer) => answer.end(String((elsewhere += 1))));
    const base = await openOrigin((_asked, answer) =>
      answer.writeHead(status, { location: `${target}/?x=${CANARY}` }).end(),
    );
    expect(await ask(base)).toMatchObject({ ok: false, reason: 'redirect', sent: true });
    expect(elsewhere).toBe(0);
  });

  it('is not read to the end of 50 MB, announced or not', async () => {
    for (const head of [`${HEAD}content-length: 50000000\r\n\r\n`, `${HEAD}\r\n`]) {
      const poured = { bytes: 0 };
      const base = await saying(head, (socket) => pour(socket, poured));
      expect(await ask(base)).toMatchObject({ ok: false, reason: 'too_large', sent: true });
      // What was taken beyond the cap lies in the buffers of the two sockets.
      expect(poured.bytes).toBeLessThan(20_000_000);
    }
  });

  it('is left when its headers do not end', async () => {
    const poured = { bytes: 0 };
    const base = await saying(HEAD, (socket) => pour(socket, poured, `x: ${'y'.repeat(1000)}\r\n`));
    expect(await ask(base)).toMatchObject({ ok: false, reason: 'too_large' });
  });

  it.each([
    ['answers nothing', () => openLine((socket) => socket.resume())],
    ['stops within the headers', () => saying(HEAD, () => undefined)],
    ['stops within the body', () => saying(`${HEAD}content-length: 100\r\n\r\n{`, () => undefined)],
  ])('is left when its time is over: it %s', async (_what, open) => {
    expect(await ask(await open())).toMatchObject({ ok: false, reason: 'timeout', sent: true });
  });

  it('is left when its time is over although a byte comes now and then', async () => {
    let dripped = 0;
    const base = await saying(`${HEAD}\r\n`, (socket) => {
      const drip = setInterval(() => ((dripped += 1), socket.write('x')), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await ask(base)).toMatchObject({ ok: false, reason: 'timeout', sent: true });
    expect(dripped).toBeGreaterThan(3);
  });

  it.each([
    ['resets the line when asked', () => openLine((socket) => socket.once('data', () => socket.resetAndDestroy()))],
    ['closes the line when asked', () => openLine((socket) => socket.once('data', () => socket.end()))],
    [
      'resets the line within the body',
      () => saying(`${HEAD}content-length: 100\r\n\r\n{"a":`, (socket) => setImmediate(() => socket.resetAndDestroy())),
    ],
    ['sends less than it announced', () => saying(`${HEAD}content-length: 100\r\n\r\n{"a":1}`)],
    ['ends within a chunk', () => saying(`${HEAD}transfer-encoding: chunked\r\n\r\n64\r\n{"a":1}`)],
    ['ends without the last chunk', () => saying(`${HEAD}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`)],
    ['does not speak HTTP', () => saying('SSH-2.0-OpenSSH_9.6\r\n')],
    ['names two lengths', () => saying(`${HEAD}content-length: 7\r\ncontent-length: 9\r\n\r\n{"a":1}`)],
    [
      'switches protocols',
      () => saying('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ])('gives no answer to work with: it %s', async (_what, open) => {
    expect(await ask(await open())).toMatchObject({ ok: false, reason: 'broken', sent: true });
  });

  it('never gets more into an answer than it announced', async () => {
    const result = await ask(await saying(`${HEAD}content-length: 7\r\n\r\n{"a":1}{"b":2}`));
    expect(result.ok ? Buffer.from(result.answer.body).toString() : result.reason).toMatch(/^(\{"a":1\}|broken)$/);
  });
});
