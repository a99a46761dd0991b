import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import { providers } from '../../../providers/index.ts';
import type { Provider } from '../../../providers/kit/provider.ts';
import { type Browser, openFront } from '../../support/front.ts';

const granting = Object.values<Provider>(providers).flatMap(({ id, oauth }) =>
  oauth === undefined ? [] : [{ id, oauth }],
);
const STATE = 'A'.repeat(43);

afterEach(() => nock.cleanAll());

/** Answers every call at any provider's token endpoint, and counts them: there must be none. */
function countTokenCalls(): { calls: number } {
  const counted = { calls: 0 };
  for (const { oauth } of granting) {
    const url = new URL(oauth.tokenUrl);
    nock(url.origin)
      .persist()
      .post(url.pathname)
      .reply(200, () => ((counted.calls += 1), { access_token: 'never' }));
  }
  return counted;
}

type Front = Awaited<ReturnType<typeof openFront>>;
interface Stage {
  readonly front: Front;
  readonly one: Browser;
  readonly provider: string;
  /** The state of a flow this browser has started with this provider. */
  readonly state: string;
}

/** Each answers the path and query to call back with, in which browser, and what comes of it. */
type Case = readonly [title: string, status: number, code: string, search: string | ((stage: Stage) => unknown)];

const q = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters).toString()}`;
const cases: readonly Case[] = [
  ['nothing', 400, 'bad_callback', ''],
  ['only a code', 400, 'bad_callback', '?code=c'],
  ['only a state', 400, 'bad_callback', ({ state }) => q({ state })],
  ['an empty state', 400, 'bad_callback', '?code=c&state='],
  ['an empty code', 400, 'bad_callback', ({ state }) => q({ state, code: '' })],
  ['a state nobody made', 400, 'unknown_state', q({ code: 'c', state: STATE })],
  ['a state that is too short', 400, 'bad_callback', q({ code: 'c', state: 'A'.repeat(42) })],
  ['a state that is too long', 400, 'bad_callback', ({ state }) => q({ code: 'c', state: `${state}A` })],
  [
    'a state with its last letter changed',
    400,
    'unknown_state',
    ({ state }) => q({ code: 'c', state: altered(state) }),
  ],
  [
    'a state in capitals',
    400,
    'unknown_state',
    ({ state }) => q({ code: 'c', state: state.toUpperCase().replaceAll('_', 'Q') }),
  ],
  ['a state with a blank', 400, 'bad_callback', ({ state }) => q({ code: 'c', state: `${state} ` })],
  ['a state with NUL', 400, 'bad_callback', ({ state }) => `?code=c&state=${state}%00`],
  ['a state with a line end', 400, 'bad_callback', ({ state }) => `?code=c&state=${state}%0d%0a`],
  ['a state that is a path', 400, 'bad_callback', '?code=c&state=../../flow'],
  ['a state that is SQL', 400, 'bad_callback', q({ code: 'c', state: "' or 1=1 --" })],
  ['the state twice', 400, 'bad_callback', ({ state }) => `?code=c&state=${state}&state=${state}`],
  ['two states', 400, 'bad_callback', ({ state }) => `?code=c&state=${state}&state=${STATE}`],
  ['the code twice', 400, 'bad_callback', ({ state }) => `?code=c&code=c&state=${state}`],
  ['two codes', 400, 'bad_callback', ({ state }) => `?code=c&code=d&state=${state}`],
  ['the error twice', 400, 'bad_callback', ({ state }) => `?error=access_denied&error=access_denied&state=${state}`],
  [
    'a description twice',
    400,
    'bad_callback',
    ({ state }) => `?error=x&error_description=a&error_description=b&state=${state}`,
  ],
  [
    'the issuer twice',
    400,
    'bad_callback',
    ({ state }) => `?code=c&iss=https://a.example&iss=https://a.example&state=${state}`,
  ],
  ['the scope twice', 400, 'bad_callback', ({ state }) => `?code=c&scope=a&scope=b&state=${state}`],
  ['a code with NUL', 400, 'bad_callback', ({ state }) => `?code=a%00b&state=${state}`],
  ['a code with a line end', 400, 'bad_callback', ({ state }) => `?code=a%0d%0aset-cookie:x&state=${state}`],
  ['a code with a blank', 400, 'bad_callback', ({ state }) => q({ state, code: 'a b' })],
  ['a code beyond ASCII', 400, 'bad_callback', ({ state }) => q({ state, code: 'çode' })],
  ['a code that is no UTF-8', 400, 'bad_callback', ({ state }) => `?code=%ff%fe&state=${state}`],
  ['a code of five thousand letters', 400, 'bad_callback', ({ state }) => q({ state, code: 'c'.repeat(5000) })],
  [
    'a query of ten thousand letters',
    400,
    'bad_callback',
    ({ state }) => q({ state, code: 'c', more: 'x'.repeat(10_000) }),
  ],
  ['a code and an error', 400, 'bad_callback', ({ state }) => q({ state, code: 'c', error: 'access_denied' })],
  ['the names in capitals', 400, 'bad_callback', ({ state }) => q({ STATE: state, CODE: 'c' })],
  ['the parameters as an array', 400, 'bad_callback', ({ state }) => `?code[]=c&state[]=${state}`],
  ['a no', 403, 'access_denied', ({ state }) => q({ state, error: 'access_denied' })],
  ['a no for a flow nobody started', 400, 'unknown_state', q({ state: STATE, error: 'access_denied' })],
  ['an error of the provider', 400, 'provider_error', ({ state }) => q({ state, error: 'server_error' })],
  ['an error nobody knows', 400, 'provider_error', ({ state }) => q({ state, error: 'teapot' })],
  ['an error that is markup', 400, 'provider_error', ({ state }) => q({ state, error: '<script>alert(1)</script>' })],
  [
    'a description that is markup',
    403,
    'access_denied',
    ({ state }) => q({ state, error: 'access_denied', error_description: '<img src=x onerror=alert(1)>' }),
  ],
  ['an empty error', 400, 'provider_error', ({ state }) => q({ state, error: '' })],
  [
    'a flow of another browser',
    403,
    'other_browser',
    async ({ front, provider }) => {
      const other = await front.begin(await front.owner(), provider, front.anna.user_id);
      return q({ code: 'c', state: other.state });
    },
  ],
  [
    'a flow of another browser, in one that has none',
    403,
    'other_browser',
    ({ one, state }) => {
      one.cookies.clear();
      return q({ code: 'c', state });
    },
  ],
  [
    'a cookie that was altered',
    403,
    'other_browser',
    ({ one, state }) => {
      one.cookies.set('wellspring-flow', altered(one.cookies.get('wellspring-flow') ?? ''));
      return q({ code: 'c', state });
    },
  ],
  [
    'a cookie that is nonsense',
    403,
    'other_browser',
    ({ one, state }) => {
      one.cookies.set('wellspring-flow', '%00');
      return q({ code: 'c', state });
    },
  ],
  [
    'a flow of ten minutes ago',
    400,
    'unknown_state',
    ({ front, state }) => {
      front.clock.advance(600_000);
      return q({ code: 'c', state });
    },
  ],
  [
    'a state used up by a no',
    400,
    'unknown_state',
    async ({ one, provider, state }) => {
      await one.get(`/oauth/${provider}/callback${q({ state, error: 'access_denied' })}`);
      return q({ code: 'c', state });
    },
  ],
  [
    'a state another browser has shown',
    400,
    'unknown_state',
    async ({ front, provider, state }) => {
      await front.browser().get(`/oauth/${provider}/callback${q({ state, code: 'c' })}`);
      return q({ code: 'c', state });
    },
  ],
];

function altered(text: string): string {
  return `${text.slice(0, -1)}${text.endsWith('A') ? 'E' : 'A'}`;
}

describe.each(granting)('a callback of $id', ({ id: provider }) => {
  test.each(cases)('with %s ends in %i %s', async (_, status, code, search) => {
    const front = await openFront();
    const tokenCalls = countTokenCalls();
    const one = await front.owner();
    const { state } = await front.begin(one, provider, front.anna.user_id);
    expect(state).toMatch(/^[\w-]{43}$/);
    const given = typeof search === 'string' ? search : await search({ front, one, provider, state });
    const response = await one.get(`/oauth/${provider}/callback${String(given)}`);
    const page = await response.text();
    expect([response.status, /<code>(\w+)<\/code>/.exec(page)?.[1]]).toEqual([status, code]);
    expect(tokenCalls.calls).toBe(0);
    expect(page).not.toMatch(/alert\(1\)|onerror|teapot/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await front.facts()).toEqual([]);
    expect(await front.runtime.vault.ids('')).toEqual([]);
  });
});

test('there are at least forty of them', () => {
  expect(cases.length).toBeGreaterThanOrEqual(40);
});

const pairs = granting.flatMap((from) =>
  granting.filter((to) => to.id !== from.id).map((to) => [from.id, to.id] as const),
);
test.each(pairs)('a code that %s was asked for does not count at %s, and its state is used up', async (from, to) => {
  const front = await openFront();
  const tokenCalls = countTokenCalls();
  const one = await front.owner();
  const { state } = await front.begin(one, from, front.anna.user_id);
  const mixed = await one.get(`/oauth/${to}/callback${q({ state, code: 'c' })}`);
  expect([mixed.status, (await mixed.text()).includes('other_provider')]).toEqual([400, true]);
  const late = await one.get(`/oauth/${from}/callback${q({ state, code: 'c' })}`);
  expect([late.status, (await late.text()).includes('unknown_state')]).toEqual([400, true]);
  expect(tokenCalls.calls).toBe(0);
});

test('a look that is not a visit (HEAD) uses no state up', async () => {
  const front = await openFront();
  const one = await front.owner();
  const { state } = await front.begin(one, 'garmin', front.anna.user_id);
  await front.app.request(`http://127.0.0.1:8787/oauth/garmin/callback${q({ state, code: 'c' })}`, { method: 'HEAD' });
  expect(await front.runtime.state.list('flow')).toHaveLength(1);
});
