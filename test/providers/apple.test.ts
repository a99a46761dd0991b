import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { apple } from '../../providers/apple.ts';
import { providerContract } from '../contract/provider.ts';
import { fixture, recordedBy } from '../support/fixture.ts';
import { partsByType } from '../support/parts.ts';

const deliveries = recordedBy('apple');

providerContract(apple, { deliveries, types: partsByType(apple, deliveries) });

const split = (text: string) => apple.webhook.split(text, 'me');
const written = (text: string) => split(text).map((part) => [part.resource, part.text]);

function dataOf(text: string): object {
  const body: { data: object } = JSON.parse(text);
  return body.data;
}

test.each([
  ['hae-metrics-kj-multiday', 'metrics'],
  // Its top-level `workouts` is empty, so the body still holds one kind.
  ['hae-metrics-minutes-v1', 'metrics'],
  ['hae-sleep-aggregated-old', 'metrics'],
  ['hae-sleep-unaggregated', 'metrics'],
  ['hae-workouts-v1', 'workouts'],
])('%s holds one kind and stays byte for byte', (name, resource) => {
  const text = fixture(`apple/${name}.json`);
  expect(split(text)).toEqual([{ externalId: 'me', resource, text, notice: false }]);
});

test('metrics and workouts in one body become two parts, each in the outer shape', () => {
  const text = fixture('apple/hae-v2-doc-shapes.json');
  const parts = split(text);
  expect(parts.map(({ resource, externalId }) => [resource, externalId])).toEqual([
    ['metrics', 'me'],
    ['workouts', 'me'],
  ]);
  const { data }: { data: { metrics: unknown; workouts: unknown } } = JSON.parse(text);
  expect(JSON.parse(parts[0]?.text ?? '')).toEqual({ data: { metrics: data.metrics } });
  expect(JSON.parse(parts[1]?.text ?? '')).toEqual({ data: { workouts: data.workouts } });
});

test('other kinds go under their own name', () => {
  expect(written('{"data":{"metrics":[{"name":"a"}],"ecg":[ {"x":1.0} ],"symptoms":[]}}')).toEqual([
    ['metrics', '{"data":{"metrics":[{"name":"a"}]}}'],
    ['ecg', '{"data":{"ecg":[{"x":1.0}]}}'],
    ['symptoms', '{"data":{"symptoms":[]}}'],
  ]);
});

test('workouts beside data are moved inside, where they are read', () => {
  expect(written('{"data":{"workouts":[{"n":1}]},"workouts":[{"n":2}]}')).toEqual([
    ['workouts', '{"data":{"workouts":[{"n":1},{"n":2}]}}'],
  ]);
  expect(written('{"workouts":[{"n":2}]}')).toEqual([['workouts', '{"data":{"workouts":[{"n":2}]}}']]);
});

test('a kind or a root given twice hides nothing', () => {
  const both = [['metrics', '{"data":{"metrics":[{"n":1},{"n":2}]}}']];
  expect(written('{"data":{"metrics":[{"n":1}],"metrics":[{"n":2}]}}')).toEqual(both);
  expect(written('{"data":{"metrics":[{"n":1}]},"data":{"metrics":[{"n":2}]}}')).toEqual(both);
  expect(written('{"data":{"metrics":[{"n":1}]},"data":{}}')).toEqual([['metrics', '{"data":{"metrics":[{"n":1}]}}']]);
});

test('a member beside data that nobody knows is kept in its own shape', () => {
  expect(written('{"data":{"metrics":[{"n":1}]},"version":{"app":"9"}}')).toEqual([
    ['metrics', '{"data":{"metrics":[{"n":1}]}}'],
    ['version', '{"version":{"app":"9"}}'],
  ]);
});

test.each([
  ['{}', 'metrics'],
  ['{"data":{}}', 'metrics'],
  ['{"data":{"metrics":[]}}', 'metrics'],
  ['{"data":{"workouts":[]}}', 'workouts'],
  ['{"data":null}', 'data'],
  ['[1]', 'other'],
])('%s is kept whole as %s', (text, resource) => {
  expect(written(text)).toEqual([[resource, text]]);
});

test('of any body every element lands, unchanged, in exactly one part of its kind', () => {
  const lists = fc.dictionary(
    fc.constantFrom('metrics', 'workouts', 'ecg'),
    fc.array(fc.jsonValue(), { minLength: 1 }),
    {
      minKeys: 1,
    },
  );
  fc.assert(
    fc.property(lists, fc.constantFrom(undefined, 1), (data, indent) => {
      const text = JSON.stringify({ data }, null, indent);
      const merged: Record<string, unknown> = {};
      for (const part of split(text)) Object.assign(merged, dataOf(part.text));
      expect(merged).toEqual(dataOf(text));
      expect(split(text).map(({ resource }) => resource)).toEqual(Object.keys(data));
    }),
  );
});

const read = (text: string) => apple.import({ name: 'body.json', bytes: Buffer.from(text) });

test('a saved body is read without an owner, anything else is refused with a remedy', async () => {
  const text = fixture('apple/hae-workouts-v1.json');
  expect(await read(`\uFEFF${text}`)).toEqual({
    ok: true,
    parts: [{ externalId: undefined, resource: 'workouts', text, notice: false }],
  });
  expect(await read('{"dailies":[]}')).toMatchObject({ ok: false, code: 'unknown_format' });
  expect(await read('<xml/>')).toMatchObject({ ok: false, code: 'unknown_format' });
});
