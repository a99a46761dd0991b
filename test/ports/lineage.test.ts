import { expect, test } from 'vitest';
import { readSpec } from '../../ports/engine/duckdb/spec.ts';

const spec = (explain: string) => readSpec('marts/toy.yml', `explain: ${explain}`).explain;

test('one origin and a list of them are read alike, columns by their names here and there', () => {
  const edge = { from: 'days', on: { user_id: 'user_id' }, where: {}, days: undefined };
  expect(spec('{ from: days, on: [user_id] }')).toEqual({ edges: [edge], reason: null });
  expect(
    spec('[{ from: days, on: { user_id: person }, where: { metric: steps } }, { from: days, on: [user_id] }]'),
  ).toEqual({
    edges: [{ ...edge, on: { user_id: 'person' }, where: { metric: ['steps'] } }, edge],
    reason: null,
  });
});

const days = (text: string) => spec(`{ from: days, on: [user_id], days: ${text} }`)?.edges[0]?.days;

test('days are counted from the local date unless another is named', () => {
  expect(days('{ first: -28, last: 0 }')).toEqual({ of: 'local_date', first: -28, last: 0 });
  expect(days('{ of: week, first: -28, last: 6 }')).toEqual({ of: 'week', first: -28, last: 6 });
});

test('what is made from no rows says from what', () => {
  expect(spec('{ reason: made from metrics.csv }')).toEqual({ edges: [], reason: 'made from metrics.csv' });
});

test.each([
  ['{ from: days }', 'must say from and on, or a reason alone'],
  ['{ from: days, on: [user_id], reason: both }', 'must say from and on, or a reason alone'],
  ['{ from: days, on: [] }', 'must name a column'],
  ['{ from: "days; drop", on: [user_id] }', 'must be a name in lower case'],
  ['{ from: days, on: [user_id], days: { first: 1, last: 0 } }', 'must not end before it begins'],
  ['{ from: days, on: [user_id], day: 1 }', 'day'],
])('%s is refused naming the file and the fault', (text, fault) => {
  expect(() => spec(text)).toThrow(
    expect.objectContaining({ code: 'invalid_model', message: expect.stringMatching(/^marts\/toy\.yml: /) }),
  );
  expect(() => spec(text)).toThrow(fault);
});
