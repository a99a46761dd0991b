import { expect, test } from 'vitest';
import { findProvider, providers } from '../../providers/index.ts';

test('a provider is found by its id alone, which is its name in the map', () => {
  for (const [id, provider] of Object.entries(providers)) {
    expect(provider.id).toBe(id);
    expect(findProvider(id)).toBe(provider);
  }
});

test.each(['', 'GARMIN', 'garmin/', '__proto__', 'constructor', 'toString', 'wellspring'])(
  '%j is no provider',
  (id) => {
    expect(findProvider(id)).toBeUndefined();
  },
);

test('every provider says where it is documented, where its address is entered, and what its terms demand', () => {
  for (const { docs, portal, policy } of Object.values(providers)) {
    expect(docs).toMatch(/^https:\/\//);
    expect(portal).not.toBe('');
    expect(policy).toMatchObject({ mixing: expect.any(Boolean), ai: expect.any(Boolean) });
  }
});
