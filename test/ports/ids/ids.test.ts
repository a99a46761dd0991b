import { describe, expect, test } from 'vitest';
import type { Ids } from '../../../ports/ids/ids.ts';
import { createRandomIds } from '../../../ports/ids/random.ts';
import { createSeededIds } from '../../../ports/ids/seeded.ts';

const drivers: readonly [string, () => Ids][] = [
  ['random', createRandomIds],
  ['seeded', () => createSeededIds('a seed')],
];

describe.each(drivers)('ids: %s', (_, makeIds) => {
  test('an id is its prefix and lower-case base32 characters, as many as asked for', () => {
    const ids = makeIds();
    expect(ids.id('u', 12)).toMatch(/^u_[a-z2-7]{12}$/);
    expect(ids.id('long', 70)).toMatch(/^long_[a-z2-7]{70}$/);
  });

  test('a secret is base64url of as many bytes as asked for', () => {
    const ids = makeIds();
    for (const bytes of [1, 16, 32, 33, 64]) expect(Buffer.from(ids.secret(bytes), 'base64url')).toHaveLength(bytes);
    expect(ids.secret(32)).toMatch(/^[\w-]{43}$/);
  });

  test('ids do not repeat, and every character of the alphabet occurs', () => {
    const ids = makeIds();
    const made = Array.from({ length: 1000 }, () => ids.id('u', 12).slice(2));
    expect(new Set(made).size).toBe(1000);
    expect(new Set(made.join('')).size).toBe(32);
  });
});

function take(seed: string): string[] {
  const ids = createSeededIds(seed);
  return [ids.id('u', 12), ids.secret(40), ids.id('c', 12), ids.id('u', 12)];
}

test('the same seed gives the same ids in the same order, another seed others', () => {
  expect(take('one')).toEqual(take('one'));
  expect(new Set([...take('one'), ...take('two')]).size).toBe(8);
});

test('two makers of random ids do not make the same', () => {
  expect(createRandomIds().secret(32)).not.toBe(createRandomIds().secret(32));
});
