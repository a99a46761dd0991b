import { expect, test } from 'vitest';
import { baselineOf } from '../../app/normal.ts';
import { baselineRow } from '../support/pages.ts';

const DAY = '2026-03-04';

test('a row says what is usual, where the value stands, and how many days are known', () => {
  expect(baselineOf(baselineRow('u_a', DAY, 'steps', [100, 10], { n: 20, direction: 'above', z: 2.5 }))).toEqual({
    known: 20,
    normal: { mean: 100, sd: 10, n: 20 },
    standing: { place: 'above', z: 2.5 },
  });
});

test('where all days were equal another value is unusual without a distance', () => {
  const row = baselineRow('u_a', DAY, 'steps', [3, 0], { direction: 'above' });
  expect(baselineOf(row)).toMatchObject({ normal: { mean: 3, sd: 0 }, standing: { place: 'above', z: null } });
});

test('with too few days, without a value and without a row there is nothing to stand against', () => {
  expect(baselineOf(baselineRow('u_a', DAY, 'steps', undefined, { n: 13 }))).toEqual({
    known: 13,
    normal: undefined,
    standing: undefined,
  });
  expect(baselineOf(baselineRow('u_a', DAY, 'steps', [3, 1]))).toMatchObject({ standing: undefined });
  expect(baselineOf(undefined)).toEqual({ known: 0, normal: undefined, standing: undefined });
});
