import { describe, expect, test } from 'vitest';
import { MAIN_METRICS } from '../../../app/main-metrics.ts';
import { readCatalog } from '../../../ports/engine/duckdb/catalog.ts';
import { MODELS } from '../../support/transform.ts';
import { apple, garmin, person, tables } from '../deliveries.ts';

const RECEIVED = '2026-11-12T08:00:00Z';
const dailies = (calendarDate: string, fields: object) =>
  garmin(
    'dailies',
    [{ calendarDate, startTimeInSeconds: Date.parse(`${calendarDate}T00:00:00+01:00`) / 1000, ...fields }],
    RECEIVED,
  );
const main = MAIN_METRICS.flatMap(({ metrics }) => metrics);

describe('fact_daily', () => {
  test('has a column for each main metric of the program, in its order', () => {
    const columns = Object.keys(readCatalog(MODELS).models.get('fact_daily')?.spec.columns ?? {});
    expect(columns).toEqual(['user_id', 'local_date', ...main, 'final_at']);
  });

  test('holds the values of daily_metrics of one person and day side by side', async () => {
    const of = await tables([
      ...person(),
      dailies('2026-11-10', { durationInSeconds: 86_400, steps: 4000, restingHeartRateInBeatsPerMinute: 52 }),
      dailies('2026-11-11', { durationInSeconds: 3600, steps: 7 }),
      apple('weight_body_mass', 'kg', [{ date: '2026-11-10 07:00:00 +0100', qty: 71.5, source: 'Scale' }], RECEIVED),
      apple('caffeine', 'mg', [{ date: '2026-11-09 07:00:00 +0100', qty: 80, source: 'App' }], RECEIVED),
    ]);
    const rows = await of.query('select * from fact_daily order by local_date');
    const told = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)));
    const whole = { user_id: 'u_a' };
    expect(told).toEqual([
      // no main metric, so only when it is final: 72 h after the 10th 00:00 in Paris, 23:00 UTC of the 9th
      { ...whole, local_date: '2026-11-09', final_at: '2026-11-12T23:00:00.000Z' },
      // the watch calls its own day final when it ends; the weight is final 72 h after that: 23:00 UTC of the 13th
      {
        ...whole,
        local_date: '2026-11-10',
        steps: 4000,
        resting_heart_rate_bpm: 52,
        weight_kg: 71.5,
        final_at: '2026-11-13T23:00:00.000Z',
      },
      { ...whole, local_date: '2026-11-11', steps: 7, final_at: '2026-11-14T23:00:00.000Z' },
    ]);
  });
});
