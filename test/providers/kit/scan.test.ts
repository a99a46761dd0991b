import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementsOf, isDeeper, membersOf, rootOf } from '../../../providers/kit/scan.ts';

const cut = (text: string, { start, end }: { start: number; end: number }): string => text.slice(start, end);

test('members come with their written names and exact values', () => {
  const text = ' { "a" : [1, {"b":"}"}] ,"\\u0062":-1.50e+2, "c":null } ';
  const members = [...membersOf(text, rootOf(text))];
  expect(members.map(({ name, label, value }) => [name, label, value.kind, cut(text, value)])).toEqual([
    ['a', '"a"', 'array', '[1, {"b":"}"}]'],
    ['b', '"\\u0062"', 'number', '-1.50e+2'],
    ['c', '"c"', 'literal', 'null'],
  ]);
});

test('a name that is given twice comes twice', () => {
  const text = '{"a":1,"a":2}';
  expect([...membersOf(text, rootOf(text))].map(({ value }) => cut(text, value))).toEqual(['1', '2']);
});

test('empty objects and lists have nothing inside', () => {
  expect([...membersOf('{ }', rootOf('{ }'))]).toEqual([]);
  expect([...elementsOf('[ ]', rootOf('[ ]'))]).toEqual([]);
});

test('the elements of any list, cut out and parsed, are what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
      const text = JSON.stringify(values, null, indent);
      const elements = [...elementsOf(text, rootOf(text))].map((slice): unknown => JSON.parse(cut(text, slice)));
      expect(elements).toEqual(JSON.parse(text));
    }),
  );
});

test('the members of any object, cut out and parsed, are what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2), (object, indent) => {
      const text = JSON.stringify(object, null, indent);
      const members = [...membersOf(text, rootOf(text))];
      const read = members.map(({ name, value }): [string, unknown] => [name, JSON.parse(cut(text, value))]);
      const parsed: object = JSON.parse(text);
      expect(read).toEqual(Object.entries(parsed));
    }),
  );
});

test('depth counts open brackets of both kinds', () => {
  expect(isDeeper('[{"a":[]}]', 3)).toBe(false);
  expect(isDeeper('[{"a":[]}]', 2)).toBe(true);
});

test('text that ends too early is an error, never an endless loop', () => {
  const cuts = ['[1', '[{"a":1', '{"a":[1,"b', '{"a"', '{'];
  for (const text of cuts) {
    const root = rootOf(text);
    const walk = () => [...(root.kind === 'array' ? elementsOf(text, root) : membersOf(text, root))];
    expect(walk).toThrow(SyntaxError);
  }
});
