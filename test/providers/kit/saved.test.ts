import { expect, test } from 'vitest';
import { judgeByStatus } from '../../../providers/kit/api.ts';
import { readSavedAnswer, readSavedList } from '../../../providers/kit/saved.ts';

const shape = { provider: 'ring', types: ['sleep', 'workout'], list: 'data' };
const read = (text: string, type?: string) =>
  readSavedList({ name: 'a.json', bytes: Buffer.from(text), ...(type === undefined ? {} : { type }) }, shape);

test('an answer is kept as it is, a byte-order mark before it dropped', () => {
  const text = ' {"data":[{"a": 1.0}],"next_token":null}\n';
  const part = { externalId: undefined, resource: 'sleep', text, notice: false };
  expect(read(`\uFEFF${text}`, 'ring.sleep')).toEqual({ ok: true, parts: [part] });
  expect(read(text, 'sleep')).toEqual({ ok: true, parts: [part] });
});

test('a bare list gets the outer shape an answer has', () => {
  expect(read('[1, 2]', 'workout')).toMatchObject({
    ok: true,
    parts: [{ resource: 'workout', text: '{"data":[1, 2]}' }],
  });
});

test('a list above what one object may hold goes on in pages, no element cut or lost', () => {
  // 120 elements of a little over 100 kB are 12 MB: with 4.9 MB a page that is three parts.
  const elements = Array.from({ length: 120 }, (_, n) => `{"n":${n},"v":"${'x'.repeat(100_000)}"}`);
  const file = read(`{"data":[${elements.join(',')}],"next_token":null}`, 'sleep');
  const parts = file.ok ? file.parts : [];
  expect(parts).toHaveLength(3);
  expect(parts.flatMap(({ text }) => text.match(/"n":\d+/g) ?? [])).toEqual(elements.map((_, n) => `"n":${n}`));
});

test.each([
  ['no type', '{"data":[]}', undefined],
  ['a type of nobody', '{"data":[]}', 'steps'],
  ["another provider's type", '{"data":[]}', 'watch.sleep'],
  ['no JSON', 'data', 'sleep'],
  ['no list', '{"data":{}}', 'sleep'],
  ['another list', '{"records":[]}', 'sleep'],
  ['a bare word', '"data"', 'sleep'],
])('a file with %s is refused with a remedy', (_title, text, type) => {
  expect(read(text, type)).toMatchObject({
    ok: false,
    code: 'unknown_format',
    remedy: expect.stringContaining('--type ring.sleep'),
  });
});

const envelope = { provider: 'ring', rows: { nights: ['sleep'], series: ['walks', 'runs'] }, judge: judgeByStatus };
const readAnswer = (text: string, type?: string) =>
  readSavedAnswer({ name: 'a.json', bytes: Buffer.from(text), ...(type === undefined ? {} : { type }) }, envelope);

test('an answer in an envelope says its type by the name of its rows, where no other type has the same', () => {
  const nights = '{"status":0,"body":{"nights":[ 1.0 ]}}';
  expect(readAnswer(nights)).toMatchObject({ ok: true, parts: [{ resource: 'sleep', text: nights }] });
  const series = '{"status":0,"body":{"series":[]}}';
  expect(readAnswer(series)).toMatchObject({ ok: false, code: 'unknown_format' });
  expect(readAnswer(series, 'ring.runs')).toMatchObject({ ok: true, parts: [{ resource: 'runs', text: series }] });
  expect(readAnswer(series, 'sleep')).toMatchObject({ ok: false, detail: expect.stringContaining('no rows of sleep') });
});
