import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export type ReadResult =
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: 'too_large' | 'broken'; readonly detail: string };

/** Only gzip is asked for; the others are understood where a server sends them all the same. */
const INFLATERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads the body of an answer whole, inflated, never holding more than `maxBytes` of it. Throws what the line or `signal` throws. */
export async function readBody(
  answer: IncomingMessage,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<ReadResult> {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const inflater = INFLATERS[encoding];
  if (inflater === undefined && encoding !== 'identity') {
    return { ok: false, reason: 'broken', detail: 'The answer is packed in a way that was not asked for.' };
  }
  if (inflater === undefined && Number(answer.headers['content-length']) > maxBytes) return tooLarge(maxBytes);

  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      // Leaving the loop by a throw destroys the streams, and with them the line.
      if (bytes > maxBytes) throw new RangeError('more than was allowed');
      chunks.push(chunk);
    }
  };
  try {
    await (inflater === undefined
      ? pipeline(answer, collect, { signal })
      : pipeline(answer, inflater(), collect, { signal }));
  } catch (cause) {
    if (bytes > maxBytes) return tooLarge(maxBytes);
    throw cause;
  }
  return { ok: true, body: Buffer.concat(chunks) };
}

function tooLarge(maxBytes: number): ReadResult {
  return { ok: false, reason: 'too_large', detail: `The answer is larger than ${maxBytes} bytes.` };
}
