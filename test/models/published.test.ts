import { describe, expect, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { MODELS } from '../support/transform.ts';

const published = storedModels(readCatalog(MODELS)).filter(({ spec }) => spec.published);
/** Numbers that have no unit: counts, places in an order, parts of a date, and what stands on a scale of its own row. */
const BARE = /^(?:n_\w+|priority|rank|year|quarter|month|iso_year|week|weekday|decimals|scale_min|scale_max)$/;

/** A mart is a promise to people who did not write it: what is missing here they would have to guess. */
describe.each(published)('the published $name', ({ spec }) => {
  test('says what a row is, and that there is one of each', () => {
    expect(spec.description).toMatch(/^One row per .+\.$/);
    expect(Object.keys(spec.columns)).toEqual(expect.arrayContaining(spec.grain));
    const blocking = spec.audits.filter((audit) => audit.blocking !== false);
    // A table is written by person, so what is one of a kind is so within one.
    const key = [...spec.grain, 'user_id'];
    expect(blocking.some(({ unique = [] }) => unique.length > 0 && unique.every((name) => key.includes(name)))).toBe(
      true,
    );
    expect(blocking.flatMap((audit) => audit.not_null ?? [])).toEqual(expect.arrayContaining(spec.grain));
  });

  test('describes each column in a sentence, and says the unit of a number that has one', () => {
    const columns = Object.entries(spec.columns);
    expect(columns.filter(([, { description = '' }]) => !/^.{3,}\.$/.test(description)).map(([name]) => name)).toEqual(
      [],
    );
    const numbers = columns.filter(([, { type }]) => type === 'double' || type === 'int' || type === 'bigint');
    expect(
      numbers.filter(([name, { unit }]) => (unit === undefined) !== BARE.test(name)).map(([name]) => name),
    ).toEqual([]);
  });

  test('says how far a changed day reaches, and what a row was made from', () => {
    expect(spec.reach_days).toBeDefined();
    expect(spec.explain).toBeDefined();
  });
});
