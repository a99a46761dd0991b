import { describe, expect, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { MODELS, runModels } from '../support/transform.ts';

const catalog = readCatalog(MODELS);
const MARTS = [
  'daily_metrics',
  'observations',
  'samples',
  'sleep_sessions',
  'workouts',
  'meals',
  'scores',
  'raw_objects',
  'quarantine',
  'freshness',
];

describe('a model', () => {
  test.each([...catalog.models.values()])('$name says its grain and its reach beside it', ({ spec }) => {
    expect(spec.description).toMatch(/^One row per .*\.$/);
    expect(spec.grain).not.toEqual([]);
    expect(spec.reach_days).toBeDefined();
  });

  test.each(storedModels(catalog))('$name, which is stored, describes its columns and audits its grain', ({ spec }) => {
    expect(Object.values(spec.columns).map((column) => column.description ?? '')).not.toContain('');
    const unique = spec.audits.flatMap((audit) => (audit.unique === undefined ? [] : [audit.unique]));
    expect(unique.length).toBeGreaterThan(0);
    expect(spec.partition).toBeDefined();
  });

  test.each(MARTS)('%s is published', (name) => {
    expect(catalog.models.get(name)?.spec).toMatchObject({ materialized: 'table', published: true });
  });
});

describe('the seeds', () => {
  test('every field maps to a metric, a score or a figure of a workout that has a range', async () => {
    const of = await runModels([]);
    try {
      const missing = await of.query(
        `select f.metric from measure_fields f left join measure_ranges r on r.metric = f.metric
           and r.family = case when f.kind in ('score', 'workout') then f.kind else 'metric' end
         where r.metric is null or r.min_n is null or r.max_n is null or r.min_n > r.max_n`,
      );
      expect(missing).toEqual([]);
    } finally {
      of.close();
    }
  });

  test('metrics have day rules of the closed set, and every unit converts to one of theirs', async () => {
    const of = await runModels([]);
    try {
      expect(
        await of.query(
          `select metric from metrics where day_rule not in ('SUMI', 'SUM', 'TOTAL', 'AVG', 'MIN', 'MAX', 'LAST', 'FIRST', 'NIGHT')`,
        ),
      ).toEqual([]);
      expect(await of.query('select unit from units where canonical not in (select unit from metrics)')).toEqual([]);
      expect(await of.query('select unit, canonical from units group by all having count(*) > 1')).toEqual([]);
    } finally {
      of.close();
    }
  });
});
