import { describe, expect, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { orderModels } from '../../ports/engine/duckdb/order.ts';
import { MODELS, runModels } from '../support/transform.ts';

const catalog = readCatalog(MODELS);
const stored = storedModels(catalog);
const MARTS = [
  'daily_metrics',
  'observations',
  'samples',
  'sleep_sessions',
  'workouts',
  'meals',
  'scores',
  'baselines_daily',
  'anomalies',
  'readiness_daily',
  'raw_objects',
  'quarantine',
  'freshness',
  'fact_daily',
  'dim_user',
  'dim_date',
  'dim_metric',
  'dim_source',
  'dim_activity',
  'trends_weekly',
  'features_daily',
  'goals_daily',
];

describe('a model', () => {
  test.each([...catalog.models.values()])('$name says its grain and its reach beside it', ({ spec }) => {
    expect(spec.description).toMatch(/^One row per .*\.$/);
    expect(spec.grain).not.toEqual([]);
    expect(spec.reach_days).toBeDefined();
  });

  test.each(stored)('$name, which is stored, describes its columns and audits its grain', ({ spec }) => {
    expect(Object.values(spec.columns).map((column) => column.description ?? '')).not.toContain('');
    const unique = spec.audits.flatMap((audit) => (audit.unique === undefined ? [] : [audit.unique]));
    expect(unique.length).toBeGreaterThan(0);
  });

  test.each(stored.filter(({ spec }) => spec.partition !== undefined))(
    '$name is kept by $spec.partition',
    ({ spec }) => {
      expect(Object.keys(spec.columns)).toContain(spec.partition);
    },
  );

  // The engine writes such a table with new models only, and forgetting somebody leaves it alone.
  test.each(stored.filter(({ spec }) => spec.partition === undefined))(
    '$name, which is nobody’s, is made from no data and says nothing of now',
    ({ name }) => {
      const texts = orderModels(catalog.models, [name]).map(({ sql }) => sql);
      expect(texts.join('\n')).not.toMatch(/\b(?:from|join)\s+(?:objects|records|batch|account_owners)\b/);
    },
  );

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
