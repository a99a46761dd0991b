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
];

test('every recorded payload is in a golden test or named as left for later', () => {
  const recorded = ['apple', 'garmin', 'myfitnesspal'].flatMap((provider) =>
    readdirSync(new URL(`../../fixtures/${provider}/`, import.meta.url))
      .filter((name) => /\.(json|csv|xml|gpx)$/.test(name))
      .map((name) => `${provider}/${name}`),
  );
  const named = [...golden, ...Object.keys(TRANSLATED_LATER)];
  expect(recorded.filter((name) => !named.includes(name))).toEqual([]);
});
