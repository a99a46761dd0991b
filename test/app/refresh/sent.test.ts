import { expect, test } from 'vitest';
import { readGrant } from '../../../app/grant.ts';
import { obtain } from '../../../app/refresh/obtain.ts';
import { CALL_MS, START_MS } from '../../../app/refresh/patience.ts';
import { readPresentation } from '../../../app/refresh/presentation.ts';
import { createOAuthClient, TIMEOUT_MS } from '../../../providers/kit/oauth/client.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { openAnswering } from '../../support/answering.ts';
import { SENT, UNSENT } from '../../support/broken-lines.ts';
import { RECEIVED_AT } from '../../support/door.ts';
import { TIME_OUT_MS } from '../../support/time-out.ts';
import { ID, openBench, tokenOf } from './bench.ts';
import { oauthWith } from './parts.ts';

const GRACE = { rotates: true, graceS: 8 * 3600 };
const NO_GRACE = { rotates: true };
/** What is waited for at least and at most after a call that presented nothing. */
const [LEAST_MS, MOST_MS] = [30_000, 37_500];

/** A connection whose token endpoint is found at an address of this machine. */
async function openAt(baseUrl: string, refresh: typeof GRACE | typeof NO_GRACE) {
  const bench = await openBench({ refresh }, []);
  const at = (url: string) => {
    const settings = { clientId: 'us', clientSecrets: [new Secret('secret')], baseUrl: url };
    const provider = { id: 'somewhere', oauth: oauthWith(refresh) };
    const client = createOAuthClient({ provider, settings, nowMs: () => bench.clock.now(), timeoutMs: TIME_OUT_MS });
    return { ...bench.custody, oauthClient: async () => client };
  };
  // The clock stands still: only the network takes time.
  return { ...bench, call: (url = baseUrl) => obtain(at(url), ID, {}) };
}

/** The next call finds a provider that answers, and who asked hears of it. */
async function heals(bench: Awaited<ReturnType<typeof openAt>>, presented = 'refresh-0'): Promise<void> {
  const next = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600 };
  const { url, asked } = await openAnswering((response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(next)),
  );
  expect(tokenOf(await bench.call(url))).toBe('access-1');
  expect(asked.map(({ form }) => form['refresh_token'])).toEqual([presented]);
}

const graces = [
  ['a grace', GRACE],
  ['no grace', NO_GRACE],
] as const;

test.each(
  graces.flatMap(([grace, refresh]) => Object.entries(UNSENT).map(([line, open]) => ({ grace, refresh, line, open }))),
)('T3: $line, with $grace: the token was not presented, and is after a pause', async ({ refresh, open }) => {
  const bench = await openAt(await open(), refresh);
  const answer = await bench.call();
  if (answer.ok || answer.reason !== 'later') throw new TypeError('It should be later.');
  expect(answer.retryAtMs - RECEIVED_AT).toBeGreaterThanOrEqual(LEAST_MS);
  expect(answer.retryAtMs - RECEIVED_AT).toBeLessThanOrEqual(MOST_MS);
  expect((await readPresentation(bench.runtime, ID)).value).toMatchObject({ presented: null, unknownSinceMs: null });
  expect(await bench.connection()).toMatchObject({ state: 'active', cause: null });
  bench.clock.set(answer.retryAtMs);
  await heals(bench);
  // Nobody had to be fenced off.
  expect((await readGrant(bench.runtime.vault, ID))?.generation).toBe(2);
});

test.each(Object.entries(SENT))(
  'T3: %s, with a grace: the token is presented again once the call must be over',
  async (_, open) => {
    const bench = await openAt(await open(), GRACE);
    expect(await bench.call()).toEqual({ ok: false, reason: 'later', retryAtMs: RECEIVED_AT + START_MS + CALL_MS });
    expect((await readPresentation(bench.runtime, ID)).value).toMatchObject({ unknownSinceMs: RECEIVED_AT });
    expect(await bench.connection()).toMatchObject({ state: 'active' });
    bench.clock.advance(START_MS + CALL_MS);
    await heals(bench);
    // One for the fence, one for what came.
    expect((await readGrant(bench.runtime.vault, ID))?.generation).toBe(3);
  },
);

test.each(Object.entries(SENT))(
  'T3: %s, without a grace: the connection says that only the person can go on',
  async (_, open) => {
    const bench = await openAt(await open(), NO_GRACE);
    expect(await bench.call()).toEqual({ ok: false, reason: 'needs_reconnect' });
    expect(await bench.connection()).toMatchObject({ state: 'needs_reconnect', cause: 'refresh_answer_lost' });
  },
);

test('T3: a machine that slept through the grace after a lost answer has to ask the person', async () => {
  const [lost = expect.unreachable()] = Object.values(SENT);
  const bench = await openAt(await lost(), GRACE);
  await bench.call();
  bench.clock.advance(GRACE.graceS * 1000);
  expect(await bench.call()).toEqual({ ok: false, reason: 'needs_reconnect' });
  expect(await bench.connection()).toMatchObject({ cause: 'refresh_answer_lost' });
});

test('T3: a machine that slept for a week without having lost an answer goes on by itself', async () => {
  const bench = await openAt('http://127.0.0.1:1', GRACE);
  await bench.call();
  bench.clock.advance(7 * 24 * 3_600_000);
  await heals(bench);
});

test('the client gives a call up before its presentation is given up', () => {
  expect(TIMEOUT_MS).toBeLessThan(CALL_MS);
});
