import { expect, test } from 'vitest';
import { createChance } from '../../../local/sandbox/chance.ts';

const draw = (seed: string, count: number): number[] => {
  const chance = createChance(seed);
  return Array.from({ length: count }, () => chance.next());
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw('a', 50)).toEqual(draw('a', 50));
  expect(draw('a', 50)).not.toEqual(draw('b', 50));
});

test('whole numbers reach both ends of their range and never leave it', () => {
  const chance = createChance('range');
  const seen = new Set(Array.from({ length: 500 }, () => chance.int(3, 7)));
  expect([...seen].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7]);
});

test('a named stream does not depend on what was drawn before it was asked for', () => {
  const early = createChance('seed').fork('sleep').next();
  const drawn = createChance('seed');
  drawn.next();
  expect(drawn.fork('sleep').next()).toBe(early);
  expect(drawn.fork('walk').next()).not.toBe(early);
});

test('shuffling keeps every item and leaves the argument as it was', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const shuffled = createChance('cards').shuffle(items);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  expect(shuffled).not.toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
