import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oura } from '../../providers/oura.ts';
import { providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { openDoor } from '../support/door.ts';

const ask = (query: Record<string, string>): string => `/webhooks/oura?${new URLSearchParams(query).toString()}`;

function open() {
  const door = openDoor();
  const token = door.runtime.keyring.issue('oura', 'verification', 'v1');
  const get = (query: Record<string, string>, method = 'GET') =>
    Promise.resolve(door.app.request(ask(query), { method }));
  return { ...door, token, get };
}

describe('the check of an address that shows our token and a challenge', () => {
  test('is answered with the challenge alone, as JSON', async () => {
    const { get, token, counters } = open();
    // webhook_verification.json: {"challenge": "random-challenge"} with 200
    const answer = await get({ verification_token: token, challenge: 'random-challenge' });
    expect([answer.status, await answer.text()]).toEqual([200, '{"challenge":"random-challenge"}']);
    expect(counters.read()).toEqual({ oura: { handshake: 1 } });
  });

  test('HEAD is answered like GET, without the body', async () => {
    const { get, token } = open();
    const answer = await get({ verification_token: token, challenge: 'c' }, 'HEAD');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await get({ challenge: 'c' }, 'HEAD')).status).toBe(401);
  });

  test('a token that is wrong, missing, of another door or for another use is refused, and nothing is echoed', async () => {
    const { get, keys, counters, token, runtime } = open();
    const challenge = 'tell-me-again';
    const others = [
      'wrong',
      `${token}x`,
      token.toUpperCase(),
      token.replace('v1.', 'v2.'),
      runtime.keyring.issue('oura', 'path', 'v1'),
      runtime.keyring.issue('garmin', 'verification', 'v1'),
      '',
    ];
    const queries = [...others.map((other) => ({ verification_token: other, challenge })), { challenge }, {}];
    for (const query of queries) {
      const answer = await get(query);
      expect([answer.status, (await answer.text()).includes(challenge)]).toEqual([401, false]);
    }
    expect(counters.read()).toEqual({ oura: { handshake_refused: queries.length } });
    expect(await keys()).toEqual([]);
  });

  test('without a challenge there is nothing to answer', async () => {
    const { get, token } = open();
    expect((await get({ verification_token: token })).status).toBe(401);
    expect((await get({ verification_token: token, challenge: '' })).status).toBe(401);
  });

  test('a challenge has at most 512 characters', async () => {
    const { get, token } = open();
    expect((await get({ verification_token: token, challenge: 'x'.repeat(512) })).status).toBe(200);
    expect((await get({ verification_token: token, challenge: 'x'.repeat(513) })).status).toBe(401);
  });

  test('whatever it says, it is data and never a page', async () => {
    const { get, token } = open();
    const tricks = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '{"a":"</script>"}',
      '\r\nset-cookie: a=b\r\n\r\n<html>',
      '\u2028\u2029',
      'javascript:alert(1)',
      '__proto__',
    );
    const challenges = fc.oneof(tricks, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(challenges, async (challenge) => {
        const answer = await get({ verification_token: token, challenge });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('set-cookie')).toBeNull();
        expect(await answer.json()).toEqual({ challenge });
      }),
      { numRuns: 500 },
    );
  });

  test('is no delivery: a POST with the right token and no signature is refused', async () => {
    const { app, token, keys } = open();
    const answer = await app.request(ask({ verification_token: token, challenge: 'c' }), {
      method: 'POST',
      body: '{}',
    });
    expect(answer.status).toBe(401);
    expect(await keys()).toEqual([]);
  });
});

test('a door with a handshake names the methods it takes, another takes POST only', async () => {
  const door = openDoor();
  const all: readonly Provider[] = Object.values(providers);
  for (const { id, webhook } of all.filter(({ webhook: there }) => there !== undefined)) {
    const answer = await door.app.request(`/webhooks/${id}`, { method: 'PUT' });
    const allowed = webhook?.handshake === undefined ? 'POST' : 'GET, HEAD, POST';
    expect([id, answer.status, answer.headers.get('allow')]).toEqual([id, 405, allowed]);
  }
});

test('a door with a secret in its address shakes hands behind the right key alone', async () => {
  const door = openDoor();
  const all: readonly Provider[] = Object.values(providers);
  const secretDoors = all.filter(({ webhook }) => webhook?.auth === 'path' && webhook.handshake !== undefined);
  for (const { id } of secretDoors) {
    const key = door.runtime.keyring.issue(id, 'path', 'k1');
    const statuses = await Promise.all(
      ['GET', 'HEAD'].flatMap((method) =>
        [`/${key}`, '', `/${key.replace('k1.', 'k2.')}`, '/k1'].map(
          async (end) => (await door.app.request(`/webhooks/${id}${end}`, { method })).status,
        ),
      ),
    );
    expect([id, ...statuses]).toEqual([id, 200, 401, 401, 401, 200, 401, 401, 401]);
  }
});

test('the token is compared by whoever issued it, not by the provider’s file', () => {
  const asked: string[] = [];
  const isOurs = (token: string): boolean => asked.push(token) > 0;
  expect(oura.webhook.handshake({ verification_token: 'theirs', challenge: 'c' }, isOurs)).toEqual({
    ok: true,
    json: { challenge: 'c' },
  });
  expect(asked).toEqual(['theirs']);
  expect(oura.webhook.handshake({ challenge: 'c' }, (token) => token !== '')).toEqual({ ok: false });
});
