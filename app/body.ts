import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export type Body =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'too_large' };

/** Reads a request body, never more than `limit` bytes and the chunk that crosses it, whatever its headers say. */
export async function readBody(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream.
  for await (const chunk of stream ?? []) {
    length += chunk.byteLength;
    if (length > limit) return { ok: false, reason: 'too_large' };
    chunks.push(chunk);
  }
  return { ok: true, bytes: Buffer.concat(chunks, length) };
}

/** Small, so that at most a few chunks are inflated beyond the limit: one read, one or two buffered, one in work. */
const CHUNK_BYTES = 8 * 1024;
const ROOM = { chunkSize: CHUNK_BYTES, readableHighWaterMark: CHUNK_BYTES };

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** A supported `content-encoding`; `identity` when the header is missing. */
export type Encoding = keyof typeof DECODERS | 'identity';

/** The one coding a header names; undefined for an unknown one and for several. */
export function encodingOf(header: string | undefined): Encoding | undefined {
  const name = (header ?? 'identity').trim().toLowerCase();
  return isEncoding(name) ? name : undefined;
}

function isEncoding(name: string): name is Encoding {
  return name === 'identity' || Object.hasOwn(DECODERS, name);
}

/** `inflated` counts every byte a decoder produced, read or not. */
export type Inflated =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly inflated: number }
  | { readonly ok: false; readonly reason: 'too_large' | 'corrupt'; readonly inflated: number };

/** Undoes a content coding; stops within 64 KB of `limit` bytes of output, and calls cut or garbled input `corrupt`. */
export async function inflate(bytes: Uint8Array, encoding: Encoding, limit: number): Promise<Inflated> {
  if (encoding === 'identity') return { ok: true, bytes, inflated: 0 };
  const decoder = DECODERS[encoding](ROOM);
  const chunks: Uint8Array[] = [];
  let inflated = 0;
  const produced = (): number => inflated + decoder.readableLength;
  decoder.end(bytes);
  try {
    for await (const chunk of decoder) {
      inflated += chunk.byteLength;
      if (inflated > limit) return { ok: false, reason: 'too_large', inflated: produced() };
      chunks.push(chunk);
    }
  } catch {
    return { ok: false, reason: 'corrupt', inflated: produced() };
  } finally {
    decoder.destroy();
  }
  return { ok: true, bytes: Buffer.concat(chunks, inflated), inflated };
}
