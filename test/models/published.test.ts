import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MOST_ROWS } from '../../app/explain/rows.ts';
import { tables } from '../../app/lineage.ts';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { readSpec } from '../../ports/engine/duckdb/spec.ts';
import { MODELS } from '../support/transform.ts';

const published = storedModels(readCatalog(MODELS)).filter(({ spec }) => spec.published);
/** The one mart no model makes: an engine writes it, and asks no audit of it. */
const batches = { name: 'batches', spec: readSpec('batches.yml', readFileSync('models/marts/batches.yml', 'utf8')) };
/** Numbers that have no unit: counts, places in an order, parts of a date, and what stands on a scale of its own row. */
const BARE = /^(?:n_\w+|priority|rank|year|quarter|month|iso_year|week|weekday|decimals|scale_min|scale_max)$/;

const metrics = z
  .array(z.object({ metric: z.string() }))
  .parse(parse(readFileSync('models/metrics.csv'), { columns: true }));

/** How many rows of a table can be alike in all but these columns of its grain; none known where one of them can hold anything. */
function mostOf(grain: readonly string[], span: number, some: number): number {
  const each: Readonly<Record<string, number>> = { local_date: span, metric: some };
  return grain.reduce((most, column) => most * (each[column] ?? Infinity), 1);
}

/** What a row can be made from, by table, as far as the number of days and metrics bounds it. */
const bounded = published.flatMap(({ name, spec }) =>
  (spec.explain?.edges ?? []).flatMap(({ from, on, where, days }) => {
    const known = new Set(['user_id', ...Object.values(on)]);
    const free = (tables().get(from)?.grain ?? []).filter((column) => !known.has(column));
    const span = days === undefined ? Infinity : days.last - days.first + 1;
    const most = mostOf(free, span, where['metric']?.length ?? metrics.length);
    return most === Infinity ? [] : [{ name, from, most }];
  }),
);

test('an explanation shows all days and metrics a row can be made from', () => {
  // A value of each of 28 days for each of seven metrics: 196 rows, and of all 71 metrics 1,988.
  expect(bounded.filter(({ most }) => most > MOST_ROWS)).toEqual([]);
  expect(bounded.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['anomalies', 'baselines_daily', 'fact_daily', 'features_daily', 'readiness_daily']),
  );
});

test('features are explained by the metrics their columns are of', () => {
  const spec = published.find(({ name }) => name === 'features_daily')?.spec;
  const ofColumns = Object.keys(spec?.columns ?? {}).flatMap((name) => /^(\w+)_lag_1$/.exec(name)?.[1] ?? []);
  expect(ofColumns.length).toBeGreaterThan(0);
  expect(spec?.explain?.edges.map(({ where }) => where)).toEqual([{ metric: ofColumns }]);
});

describe.each(published)('the published $name', ({ spec }) => {
  test('holds up what is not one of each', () => {
    const blocking = spec.audits.filter((audit) => audit.blocking !== false);
    // A table is written by person, so what is one of a kind is so within one.
    const key = [...spec.grain, 'user_id'];
    expect(blocking.some(({ unique = [] }) => unique.length > 0 && unique.every((name) => key.includes(name)))).toBe(
      true,
    );
    expect(blocking.flatMap((audit) => audit.not_null ?? [])).toEqual(expect.arrayContaining(spec.grain));
  });
});

/** A mart is a promise to people who did not write it: what is missing here they would have to guess. */
describe.each([...published, batches])('the published $name', ({ spec }) => {
  test('says what a row is', () => {
    expect(spec.description).toMatch(/^One row per .+\.$/);
    expect(spec.grain).not.toEqual([]);
    expect(Object.keys(spec.columns)).toEqual(expect.arrayContaining(spec.grain));
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
