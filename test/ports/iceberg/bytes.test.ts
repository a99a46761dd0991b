import { expect, test } from 'vitest';
import { decode, encode } from '../../../ports/iceberg/avro.ts';
import { parseJson, printJson } from '../../../ports/iceberg/bigints.ts';
import { bucketOf, monthOf } from '../../../ports/iceberg/iceberg.ts';
import { murmur3 } from '../../../ports/iceberg/murmur3.ts';

test('murmur3 is the one Iceberg specifies', () => {
  // https://iceberg.apache.org/spec/#appendix-b-32-bit-hash-requirements: `iceberg` and four bytes; as signed numbers there.
  expect(murmur3(Buffer.from('iceberg'))).toBe(1_210_000_089);
  expect(murmur3(Buffer.from([0, 1, 2, 3])) | 0).toBe(-188_683_207);
});

test('texts fall into the buckets Spark puts them into', () => {
  // What `system.bucket(8, …)` of Spark 3.5 with Iceberg 1.10 answered.
  const spark = { u_a: 4, u_b: 7, 'account-1': 1, é: 7, '': 0, '😀': 2 };
  for (const [value, bucket] of Object.entries(spark)) expect(bucketOf(value), value).toBe(bucket);
});

test('months are counted from January 1970, also before it', () => {
  // 2026 is 56 years on: 56 * 12 + 10; 1960 is ten before: -120 + 1.
  const months = { '1970-01-01': 0, '1969-12-31': -1, '2026-11-22': 682, '1960-02-29': -119 };
  for (const [date, month] of Object.entries(months)) expect(monthOf(date), date).toBe(month);
  expect(() => monthOf('22.11.2026')).toThrow(expect.objectContaining({ code: 'invalid_date' }));
});

test.each([
  '{"id":5136963733753726831,"small":7}',
  '{"a":[-9223372036854775808,9223372036854775807],"b":-1}',
  '{"text":"\\"1234567890123456789\\" 1234567890123456789","more":"#1234567890123456789"}',
  '{"share":0.1234567890123456,"much":1.5}',
])('JSON is the same after reading and writing: %s', (text) => {
  expect(printJson(parseJson(text))).toBe(text);
});

const schema = {
  type: 'record',
  name: 'row',
  fields: [
    { name: 'id', type: 'long', 'field-id': 1 },
    { name: 'part', type: ['null', 'bytes'], default: null, 'field-id': 2 },
  ],
};

test('records come back from a file with its header, longs in all their bits', () => {
  const records = [
    { id: 2n ** 62n + 1n, part: Buffer.from([1]) },
    { id: -1n, part: null },
  ];
  const file = encode(schema, { content: 'data' }, records);
  const read = decode(file);
  expect(read.records).toEqual(records);
  expect(read.header).toEqual({ content: 'data' });
  // Other readers know columns by these ids alone.
  expect(file.toString('latin1')).toContain('"field-id":2');
  expect(decode(encode(schema, {}, [])).records).toEqual([]);
});

test('what is no such file, ends too early or is compressed otherwise is refused', () => {
  const file = encode(schema, {}, [{ id: 1n, part: null }]);
  const snappy = Buffer.from(file.toString('latin1').replace('deflate', 'snappy!'), 'latin1');
  for (const bytes of [Buffer.from('{}'), file.subarray(0, -20), file.subarray(0, 40), snappy]) {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'table_unsupported' }));
  }
});
