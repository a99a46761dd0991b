import { expect, test } from 'vitest';
import { MAX_DEPTH, readJson, withoutByteOrderMark } from '../../../providers/kit/json.ts';

const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));

test('text comes back as it was written, white space and all', () => {
  expect(readJson(Buffer.from(' {"é":\t1.50} \n'))).toEqual({ ok: true, text: ' {"é":\t1.50} \n' });
});

test('nesting of 64 is read and of 65 is not', () => {
  expect(MAX_DEPTH).toBe(64);
  expect(readJson(nested(64)).ok).toBe(true);
  expect(readJson(nested(65))).toEqual({ ok: false, reason: 'too_deep' });
});

test('a hundred thousand open brackets are refused without an overflow, also when they never close', () => {
  expect(readJson(nested(100_000))).toEqual({ ok: false, reason: 'too_deep' });
  expect(readJson(Buffer.from('{"a":'.repeat(100_000)))).toEqual({ ok: false, reason: 'too_deep' });
});

test('brackets inside strings do not nest', () => {
  expect(readJson(Buffer.from(JSON.stringify(['['.repeat(1000)]))).ok).toBe(true);
});

test.each([
  ['nothing', ''],
  ['a trailing comma', '[1,]'],
  ['a comment', '{"a":1/* b */}'],
  ['single quotes', "{'a':1}"],
  ['a byte-order mark', '\uFEFF{}'],
  ['two documents', '{}{}'],
  ['a cut document', '{"a":'],
])('%s is no JSON', (_title, text) => {
  expect(readJson(Buffer.from(text))).toEqual({ ok: false, reason: 'not_json' });
});

test('bytes that are not UTF-8 are refused instead of replaced', () => {
  expect(readJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual({ ok: false, reason: 'not_utf8' });
  // CESU-8: half of a surrogate pair.
  expect(readJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toEqual({ ok: false, reason: 'not_utf8' });
});

test('a file loses its byte-order mark and nothing else', () => {
  expect(Buffer.from(withoutByteOrderMark(Buffer.from('\uFEFF{}'))).toString()).toBe('{}');
  expect(Buffer.from(withoutByteOrderMark(Buffer.from('{}'))).toString()).toBe('{}');
});
