import { isDeeper } from './scan.ts';

/** Deepest nesting of objects and arrays that is accepted (contract: HTTP). */
export const MAX_DEPTH = 64;

export type JsonText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'not_utf8' | 'too_deep' | 'not_json' };

/** UTF-8 bytes as JSON text, unchanged: `JSON.parse` is only the judge. A byte-order mark is no JSON. */
export function readJson(bytes: Uint8Array): JsonText {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false, reason: 'not_utf8' };
  }
  // Before anything recursive sees it.
  if (isDeeper(text, MAX_DEPTH)) return { ok: false, reason: 'too_deep' };
  try {
    JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not_json' };
  }
  return { ok: true, text };
}

/** A file's bytes without the byte-order mark some editors put before them. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
