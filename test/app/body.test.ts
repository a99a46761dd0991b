import { Readable } from 'node:stream';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodingOf, inflate, readBody } from '../../app/body.ts';

const LIMIT = 100_000;
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

afterEach(() => vi.restoreAllMocks());

function streamOf(chunks: number, bytes: number) {
  const pulled = { bytes: 0, cancelled: false };
  let left = chunks;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left === 0) return controller.close();
        left -= 1;
        pulled.bytes += bytes;
        controller.enqueue(new Uint8Array(bytes));
      },
      cancel: () => void (pulled.cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled };
}

describe('reading', () => {
  test('a body of exactly the limit is read whole', async () => {
    const body = await readBody(streamOf(10, LIMIT / 10).stream, LIMIT);
    expect(body.ok && body.bytes.byteLength).toBe(LIMIT);
  });

  test('one byte more is too much', async () => {
    expect(await readBody(streamOf(1, LIMIT + 1).stream, LIMIT)).toEqual({ ok: false, reason: 'too_large' });
  });

  test('an endless body is left at the chunk that crosses the limit', async () => {
    const { stream, pulled } = streamOf(Number.POSITIVE_INFINITY, 1000);
    expect(await readBody(stream, LIMIT)).toEqual({ ok: false, reason: 'too_large' });
    // 100 chunks fill the limit, the 101st crosses it.
    expect(pulled).toEqual({ bytes: 101_000, cancelled: true });
  });

  test('no body is an empty one', async () => {
    expect(await readBody(null, LIMIT)).toEqual({ ok: true, bytes: Buffer.alloc(0) });
  });
});

describe('inflating', () => {
  const plain = Buffer.from(JSON.stringify({ n: Array.from({ length: 5000 }, (_, n) => n) }));

  test.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity', plain],
  ] as const)('%s is undone', async (encoding, bytes) => {
    const read = await inflate(bytes, encoding, LIMIT);
    expect(read.ok && Buffer.from(read.bytes).equals(plain)).toBe(true);
  });

  test('output of exactly the limit is read, one byte more is too much', async () => {
    expect((await inflate(gzipSync(Buffer.alloc(LIMIT)), 'gzip', LIMIT)).ok).toBe(true);
    expect(await inflate(gzipSync(Buffer.alloc(LIMIT + 1)), 'gzip', LIMIT)).toMatchObject({
      ok: false,
      reason: 'too_large',
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (plainBytes: Buffer) => brotliCompressSync(plainBytes, FAST)],
  ] as const)('a bomb of 60 MB in %s is left within 64 KB of the limit', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(60_000_000));
    // Counted where the decoder hands out what it has inflated, not by the code under test.
    const push = vi.spyOn(Readable.prototype, 'push');
    const read = await inflate(bomb, encoding, 10_000_000);
    const handedOut = push.mock.calls.reduce(
      (sum, [chunk]) => sum + (chunk instanceof Uint8Array ? chunk.byteLength : 0),
      0,
    );
    expect(read).toMatchObject({ ok: false, reason: 'too_large' });
    expect(handedOut).toBeGreaterThan(10_000_000);
    expect(handedOut).toBeLessThanOrEqual(10_000_000 + 64 * 1024);
    expect(read.inflated).toBeLessThanOrEqual(handedOut);
  });

  test('many small members count together', async () => {
    const member = gzipSync(Buffer.alloc(1000));
    const bomb = Buffer.concat(Array.from({ length: 200 }, () => member));
    expect(await inflate(bomb, 'gzip', LIMIT)).toMatchObject({ ok: false, reason: 'too_large' });
  });

  test.each([
    ['cut', gzipSync(plain).subarray(0, -9)],
    ['garbled', Buffer.concat([gzipSync(plain).subarray(0, 40), Buffer.alloc(40, 7)])],
    ['plain', plain],
    ['empty', Buffer.alloc(0)],
  ])('%s input is corrupt', async (_title, bytes) => {
    const read = await inflate(bytes, 'gzip', LIMIT);
    expect(read.ok ? Buffer.from(read.bytes).toString() : read.reason).toBe('corrupt');
  });
});

test.each([
  [undefined, 'identity'],
  ['identity', 'identity'],
  [' GZIP ', 'gzip'],
  ['br', 'br'],
  ['gzip, gzip', undefined],
  ['identity, gzip', undefined],
  ['zstd', undefined],
  ['constructor', undefined],
  ['', undefined],
])('the header %j names the coding %s', (header, encoding) => {
  expect(encodingOf(header)).toBe(encoding);
});
