import { expect, test } from 'vitest';
import { cardOf } from '../../app/card.ts';
import { phrase } from '../../app/phrases.ts';
import { compared, freshnessLine } from '../../app/sentences.ts';
import { NOW, baselineRow, dayRow } from '../support/pages.ts';

const DAY = '2026-03-04';

/** Fourteen days at 59 and 61 in turn: mean 60, sd = sqrt(14 / 13) = 1.038. */
const NORMAL = [60, Math.sqrt(14 / 13)] as const;

/** A card beside that normal. */
function cardWith(value: number | null, metric: string) {
  const z = value === null ? null : (value - 60) / NORMAL[1];
  const direction = z === null ? null : z > 1 ? 'above' : z < -1 ? 'below' : 'usual';
  const baselines = [baselineRow('u_a', DAY, metric, NORMAL, { n: 14, direction, z })];
  const daily = value === null ? [dayRow('u_a', '2026-03-03', metric, 59)] : [dayRow('u_a', DAY, metric, value)];
  return cardOf({ daily, baselines }, metric, DAY, NOW + 7 * 86_400_000);
}

test('amounts are more or less, levels are higher or lower', () => {
  expect(compared(cardWith(70, 'steps'), 'metric')).toBe('more than usual (60)');
  expect(compared(cardWith(50, 'steps'), 'metric')).toBe('less than usual (60)');
  expect(compared(cardWith(70, 'resting_heart_rate_bpm'), 'metric')).toBe('higher than usual (60 bpm)');
  expect(compared(cardWith(50, 'resting_heart_rate_bpm'), 'metric')).toBe('lower than usual (60 bpm)');
});

test('a difference that rounding hides is none', () => {
  expect(compared(cardWith(60, 'steps'), 'metric')).toBe('about as usual (60)');
  // 61.4 is beyond the band of 60 ± 1.04 and reads 61, so it is named; 60.4 reads 60.
  expect(compared(cardWith(61.4, 'steps'), 'metric')).toBe('more than usual (60)');
  expect(compared(cardWith(60.4, 'steps'), 'metric')).toBe('about as usual (60)');
});

test('within the band but far from its middle is said with the band, not as the usual number', () => {
  // 60.9 is 0.87 sd away and 60.5 is 0.48.
  expect(compared(cardWith(60.9, 'weight_kg'), 'metric')).toBe('within your usual range (59.0 kg to 61.0 kg)');
  expect(compared(cardWith(60.5, 'weight_kg'), 'metric')).toBe('about as usual (60.0 kg)');
});

test('too few days and a missing value are said, not guessed', () => {
  const baselines = [baselineRow('u_a', DAY, 'steps', undefined, { n: 1 })];
  const young = cardOf({ daily: [dayRow('u_a', DAY, 'steps', 5)], baselines }, 'steps', DAY, NOW);
  expect(compared(young, 'metric')).toBe('not enough days yet to say what is usual (1 of 14)');
  expect(phrase(cardWith(null, 'steps'), 'metric', true)).toBe('Steps: no value for this day.');
});

test('a number that may still change is marked where it is asked for', () => {
  const open = { ...cardWith(70, 'steps'), soFar: true };
  expect(phrase(open, 'metric', true)).toBe('You took 70 steps so far, more than usual (60).');
  expect(phrase(open, 'metric', false)).toBe('You took 70 steps, more than usual (60).');
  expect(phrase(cardWith(70, 'steps'), 'metric', true)).toBe('You took 70 steps, more than usual (60).');
});

test('a metric without a phrase is named by its title', () => {
  expect(phrase(cardWith(70, 'stress_0_100'), 'metric', true)).toBe('Stress: 70, higher than usual (60).');
});

test('a source says how far its data reach', () => {
  const nothing = { late: false, lateSince: null, cause: null, problem: null, remedy: null, metrics: [] };
  const source = { provider: 'garmin', ...nothing };
  expect(freshnessLine({ ...source, lastDay: '2026-03-04', daysBehind: 1 })).toBe(
    'Garmin: last data Wed 4 Mar, yesterday.',
  );
  expect(freshnessLine({ ...source, lastDay: '2026-03-01', daysBehind: 4 })).toBe(
    'Garmin: last data Sun 1 Mar, 4 days ago.',
  );
  expect(freshnessLine({ ...source, lastDay: null, daysBehind: null })).toBe('Garmin: no data yet.');
  expect(freshnessLine({ ...source, lastDay: null, daysBehind: null, problem: 'It is quiet.', remedy: 'Look' })).toBe(
    'Garmin: no data yet. It is quiet. Look.',
  );
});
