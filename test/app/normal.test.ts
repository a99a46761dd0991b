import { expect, test } from 'vitest';
import { normalOf, standing } from '../../app/normal.ts';

test('fewer than fourteen days say nothing about what is usual, missing days do not count', () => {
  const thirteen = [...Array.from({ length: 13 }, () => 10), ...Array.from({ length: 15 }, () => null)];
  expect(normalOf(thirteen)).toBeUndefined();
});

test('zero counts as a day and as a value', () => {
  // Seven zeros and seven tens: mean 70 / 14 = 5; every distance is 5, so sd = sqrt(14 * 25 / 13).
  const normal = normalOf([...Array.from({ length: 7 }, () => 0), ...Array.from({ length: 7 }, () => 10)]);
  expect(normal).toEqual({ mean: 5, sd: Math.sqrt(350 / 13), n: 14 });
});

test('the edges of the band are usual, beyond them is above or below', () => {
  const normal = { mean: 100, sd: 10, n: 28 };
  expect(standing(110, normal)).toEqual({ place: 'usual', z: 1 });
  expect(standing(90, normal)).toEqual({ place: 'usual', z: -1 });
  expect(standing(125, normal)).toEqual({ place: 'above', z: 2.5 });
  expect(standing(85, normal)).toEqual({ place: 'below', z: -1.5 });
});

test('where all days were equal another value is unusual without a distance', () => {
  const normal = { mean: 3, sd: 0, n: 20 };
  expect(standing(3, normal)).toEqual({ place: 'usual', z: null });
  expect(standing(4, normal)).toEqual({ place: 'above', z: null });
});
