import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OAuth } from '../../../providers/kit/oauth/oauth.ts';
import { readAnswer } from '../../../providers/kit/oauth/tokens.ts';
import type { Provider } from '../../../providers/kit/provider.ts';
import type { Evidence } from '../provider.ts';
import { columnOf, isAddress } from './identity.ts';
import { problemsOf } from './requests.ts';

/** How access is granted, renewed and read from the provider's answers. */
export function grantContract({ id, collect, subscribe }: Provider, oauth: OAuth, { tokens }: Evidence): void {
  test('its addresses are https', () => {
    expect([oauth.authorizeUrl, oauth.tokenUrl].filter((url) => !isAddress(url))).toEqual([]);
  });

  test('every scope is told in words a person understands', () => {
    const wrong = Object.entries(oauth.scopes).filter(
      ([scope, words]) => words === scope || !/^[A-Za-z0-9 ,.-]{4,}$/.test(words),
    );
    expect(wrong).toEqual([]);
  });

  test('whatever needs a scope needs one that is asked for, and the tables know the same', () => {
    const needed = [...(collect?.streams ?? []), ...(subscribe?.wanted ?? [])].flatMap(({ scope }) => scope ?? []);
    const types = columnOf('models/type_scopes.csv', 0);
    const scopes = columnOf('models/type_scopes.csv', 1).filter((_, line) => types[line]?.startsWith(`${id}.`));
    expect([...needed, ...scopes].filter((scope) => !Object.hasOwn(oauth.scopes, scope))).toEqual([]);
  });

  test('PKCE and the life of a refresh token are declared', () => {
    expect(typeof oauth.pkce).toBe('boolean');
    expect(typeof oauth.refresh.rotates).toBe('boolean');
    expect(
      [oauth.refresh.graceS ?? 1, oauth.refresh.lapsesS ?? 1, oauth.refresh.marginS ?? 1].every((s) => s > 0),
    ).toBe(true);
    // An old token may only be presented again where it is replaced.
    expect(oauth.refresh.graceS === undefined || oauth.refresh.rotates).toBe(true);
  });

  test('whose account it is is asked of the provider, and junk names nobody', () => {
    const asked = [oauth.account, oauth.granted].filter((one) => one !== undefined && 'request' in one);
    expect(asked.flatMap(({ request }) => problemsOf(request))).toEqual([]);
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const one of asked) one.read(json);
      }),
    );
    if ('read' in oauth.account) expect(oauth.account.read({})).toBeUndefined();
  });

  test('the documented token answer is a grant, with the account where it names one', () => {
    expect(tokens, `${id}: name the recorded answer of the token endpoint`).toBeDefined();
    const outcome = readAnswer(oauth, tokens?.grant, 0);
    expect(outcome?.ok).toBe(true);
    if (outcome?.ok !== true) return;
    expect(outcome.tokens.access.reveal()).not.toBe('');
    expect(outcome.tokens.expiresAt ?? 1).toBeGreaterThan(0);
    if ('field' in oauth.account) expect(outcome.tokens.fields[oauth.account.field]).toMatch(/\S/);
  });

  test('a documented error is a refusal in the word it means, or a "not now"', () => {
    const notNow = ['temporarily_unavailable', 'server_error', 'slow_down'];
    const errors = tokens?.errors ?? [];
    expect(errors, `${id}: name an error of the token endpoint with its word`).not.toEqual([]);
    for (const [json, word] of errors) {
      const expected = notNow.includes(word) ? { kind: 'later' } : { kind: 'refused', error: word };
      expect(readAnswer(oauth, json, 0)).toMatchObject({ ok: false, ...expected });
    }
  });

  test('anything else at the token endpoint is neither, and never an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => readAnswer(oauth, json, 0)?.ok !== true),
      { numRuns: 1000 },
    );
  });
}
