import { describe, expect, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { dayOf } from '../../ports/engine/duckdb/days.ts';
import { readsOf, strataOf } from '../../ports/engine/duckdb/strata.ts';
import { MODELS } from '../support/transform.ts';

const catalog = readCatalog(MODELS);
const stored = storedModels(catalog).filter(({ spec }) => spec.partition !== undefined);
const { near, wide, far } = strataOf(
  catalog,
  stored.map(({ name }) => name),
);
const names = new Set(stored.map(({ name }) => name));
/** What facts say is bound whole in every batch, and all objects are. */
const FACTS = new Set([...catalog.models.keys()].filter((name) => name.startsWith('stg_wellspring__')));

describe('a wide or far model', () => {
  test.each([...wide, ...far])('$name reads stored models and facts, never the records of a provider', ({ name }) => {
    expect([...readsOf(catalog, [name], new Set([...names, ...FACTS]))]).not.toContain('records');
  });
});

describe('a near model', () => {
  test.each(near.filter(({ spec }) => spec.partition === 'user_id'))('$name says the day of every row', ({ spec }) => {
    const day = dayOf(Object.keys(spec.columns));
    expect(day).not.toBeNull();
    expect(spec.audits.flatMap((audit) => audit.not_null ?? [])).toContain(day);
  });

  test.each(near)('$name reads no wide or far model', ({ name }) => {
    const read = readsOf(catalog, [name]);
    expect([...wide, ...far].filter((one) => read.has(one.name)).map((one) => one.name)).toEqual([]);
  });
});

describe('a wide model', () => {
  test.each(wide)('$name reads no far model', ({ name }) => {
    const read = readsOf(catalog, [name]);
    expect(far.filter((one) => read.has(one.name)).map((one) => one.name)).toEqual([]);
  });

  test.each(wide)('$name says the day of every row', ({ spec }) => {
    const day = dayOf(Object.keys(spec.columns));
    expect(day).not.toBeNull();
    expect(spec.audits.flatMap((audit) => audit.not_null ?? [])).toContain(day);
  });
});
