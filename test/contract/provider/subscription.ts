import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Provider } from '../../../providers/kit/provider.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import type { Subscribe } from '../../../providers/kit/subscribe.ts';
import { problemsOf } from './requests.ts';

/** How notices are asked for, listed, renewed and ended. */
export function subscriptionContract({ webhook }: Provider, subscribe: Subscribe): void {
  const { wanted, list, readList, create, remove, renew } = subscribe;
  const door = {
    callbackUrl: 'https://health.wellspring.test/webhooks/one/k.abc',
    verificationToken: 'token-of-ours',
    settings: { clientId: 'client', clientSecrets: [new Secret('the secret of the test')] },
  };
  const [first] = wanted;

  test('there is something to ask for, each once, and a door it goes to', () => {
    expect(wanted.length).toBeGreaterThan(0);
    expect(new Set(wanted.map(({ key }) => key)).size).toBe(wanted.length);
    expect(webhook).toBeDefined();
  });

  test('its requests can be sent, and name our address and what is asked for', () => {
    expect(problemsOf(list(door))).toEqual([]);
    for (const { key } of wanted) {
      const request = create(door, key);
      expect(problemsOf(request)).toEqual([]);
      expect(Object.values({ ...request.form, ...request.query, ...asRecord(request.json) })).toContain(
        door.callbackUrl,
      );
      expect(problemsOf(remove(door, { key, id: 'i/1?', callbackUrl: door.callbackUrl }))).toEqual([]);
    }
    expect(new Set(wanted.map(({ key }) => JSON.stringify(create(door, key)))).size).toBe(wanted.length);
  });

  test('one that ends is renewed before it does', () => {
    if (renew === undefined || first === undefined) return;
    expect(problemsOf(renew.request(door, { key: first.key, id: 'i/1?', callbackUrl: door.callbackUrl }))).toEqual([]);
    expect(renew.beforeDays).toBeGreaterThan(0);
  });

  test('what is listed is ours to know: junk lists nothing', () => {
    const known = new Set(wanted.map(({ key }) => key));
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(readList(json).filter(({ key }) => !known.has(key))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
}

function asRecord(json: unknown): object {
  return typeof json === 'object' && json !== null ? json : {};
}
