import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRANSLATED_LATER } from './later.ts';

const golden = [
  'apple/hae-metrics-kj-multiday.json',
  'apple/hae-metrics-minutes-v1.json',
  'apple/hae-sleep-aggregated-old.json',
  'apple/hae-sleep-unaggregated.json',
  'apple/hae-v2-doc-shapes.json',
  'apple/hae-workouts-v1.json',
  'garmin/spec-push-dailies-two-users.json',
  'garmin/spec-push-epochs.json',
  'garmin/spec-push-mixed-body-vitals.json',
  'garmin/spec-push-sleeps.json',
  'myfitnesspal/Measurement-Summary-2024-07-02-to-2026-03-02.csv',
  'myfitnesspal/Nutrition-Summary-2024-07-02-to-2026-03-02.csv',
  'oura/daily_activity.json',
  'oura/daily_cardiovascular_age.json',
  'oura/daily_readiness.json',
  'oura/daily_resilience.json',
  'oura/daily_sleep.json',
  'oura/daily_spo2.json',
  'oura/daily_stress.json',
  'oura/heartrate.json',
  'oura/session.json',
  'oura/sleep.json',
  'oura/vo2_max.json',
  'oura/workout.json',
  'withings/aiowithings-activity.json',
  'withings/aiowithings-measurement.json',
  'withings/aiowithings-measurement_list-trimmed.json',
  'withings/aiowithings-measurement_positions.json',
  'withings/aiowithings-sleep_summary-trimmed.json',
  'withings/aiowithings-workouts.json',
  'withings/captured-measurev2-getactivity-0-nodata.json',
  'withings/captured-measurev2-getintradayactivity-0.json',
  'withings/shimmer-body-measures.json',
  'withings/shimmer-body-measures-only-goal.json',
  'withings/shimmer-sleep-summary.json',
];

test('every recorded payload is in a golden test or named as left for later', () => {
  const recorded = ['apple', 'garmin', 'myfitnesspal', 'oura', 'withings'].flatMap((provider) =>
    readdirSync(new URL(`../../fixtures/${provider}/`, import.meta.url))
      .filter((name) => /\.(json|csv|xml|gpx)$/.test(name))
      .map((name) => `${provider}/${name}`),
  );
  const named = [...golden, ...Object.keys(TRANSLATED_LATER)];
  expect(recorded.filter((name) => !named.includes(name))).toEqual([]);
});
