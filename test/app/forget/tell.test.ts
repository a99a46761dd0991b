import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exclusively } from '../../../app/exclusive.ts';
import { tell, tellLate } from '../../../app/forget/tell.ts';
import type { Tombstone } from '../../../app/forget/tombstone.ts';
import { saveGrant } from '../../../app/grant.ts';
import { everyRecord, tie } from '../../../app/tie.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { createFixedClock } from '../../../ports/clock/fixed.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { type Asked, openAnswering } from '../../support/answering.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openVault } from '../../support/vault.ts';

const settings = (baseUrl: string) => ({ clientId: 'us', clientSecrets: [new Secret('ours')], baseUrl });

const START_MS = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;

type Company = (response: ServerResponse, asked: Asked) => void;
const json = (response: ServerResponse, status: number, body: object = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
/** What the ring's company answers: to the end of a grant by its access token, to a refresh by its refresh token. */
const company =
  (revokes: (access: string) => number, refreshes: Company = (response) => json(response, 500)): Company =>
  (response, asked) => {
    if (asked.path.startsWith('/oauth/token')) return refreshes(response, asked);
    return json(response, revokes(new URL(asked.path, 'http://x').searchParams.get('access_token') ?? ''));
  };
const renews: Company = (response) =>
  json(response, 200, { access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 86_400 });

/** A ring whose access token ends in two hours, at a provider without grace; `told` once, then whenever `again` is asked. */
async function ring(answer: Company, provider: 'oura' | 'withings' = 'oura') {
  const served = await openAnswering((response, asked) => box.answer(response, asked));
  const box = { answer };
  const clock = createFixedClock(START_MS);
  const runtime = await openRuntime({
    dataDir: join(temporaryDirectory(), 'data'),
    zone: 'UTC',
    clock,
    settings: { oura: settings(served.url), withings: settings(served.url) },
  });
  onTestFinished(() => runtime.close());
  const wanted = { provider, external_id: 'ring-1', user_id: 'u_ann', kind: 'oauth', scopes: [] } as const;
  const { connection_id, account } = await exclusively(runtime, async () =>
    tie(runtime, await everyRecord(runtime.state), wanted),
  );
  const [access, refresh] = [new Secret('access-1'), new Secret('refresh-1')];
  const tokens = { access, refresh, expiresAt: START_MS + 2 * HOUR_MS, scopes: null, fields: {} };
  await saveGrant(runtime.vault, connection_id, tokens, { expect: 0, nowMs: START_MS });
  const about = { connection_id, provider, account, external_id: 'ring-1', shared: false };
  const paths = (part: string) => served.asked.filter(({ path }) => path.startsWith(part)).length;
  const later: Pick<Tombstone, 'providers'> = {
    providers: [{ provider, connection_id, outcome: 'later' }],
  };
  return {
    runtime,
    clock,
    about,
    id: connection_id,
    answers: (next: Company) => (box.answer = next),
    tell: (changes: Partial<typeof runtime> = {}) => tell({ ...runtime, ...changes }, about),
    /** As a sweep some time later does. */
    again: async () => (await tellLate(runtime, { ...blank, ...later }))[0]?.outcome,
    kept: () => runtime.vault.ids(''),
    /** Somebody else connects the account. */
    taken: async () => exclusively(runtime, async () => tie(runtime, [], { ...wanted, user_id: 'u_ben' })),
    count: () => served.asked.length,
    asked: () => ({ revoked: paths('/oauth/revoke'), refreshed: paths('/oauth/token') }),
  };
}

const blank: Tombstone = {
  user_id: 'u_ann',
  phase: 'done',
  started_at: START_MS,
  finished_at: START_MS,
  accounts: [],
  about: null,
  providers: [],
  removed: {},
  found: null,
  receipt: null,
};

test('a 401 to the end of a grant whose token has not run out says that the grant is over: nothing is renewed', async () => {
  const { tell: once, asked } = await ring(company(() => 401));
  expect(await once()).toMatchObject({ outcome: 'told' });
  expect(asked()).toEqual({ revoked: 1, refreshed: 0 });
});

test('one that cannot be told now is moved aside, so that nobody renews it meanwhile, and is told later', async () => {
  const { tell: once, answers, again, kept, id, asked } = await ring(company(() => 503));
  expect(await once()).toMatchObject({ outcome: 'later' });
  expect(await kept()).toEqual([`farewell/connection/${id}`]);
  // A crash after the move: the same again.
  expect(await once()).toMatchObject({ outcome: 'later' });
  expect(await again()).toBe('later');
  answers(company(() => 200));
  expect([await again(), await kept(), asked().refreshed]).toEqual(['told', [], 0]);
});

test('an access token that has run out by then is renewed once, and its successor ends the grant', async () => {
  const { tell: once, answers, again, clock, asked, kept } = await ring(company(() => 503));
  await once();
  clock.advance(3 * HOUR_MS);
  answers(company((access) => (access === 'access-2' ? 503 : 401), renews));
  expect(await again()).toBe('later');
  // The successor was kept before it was used.
  answers(company((access) => (access === 'access-2' ? 200 : 401), renews));
  expect([await again(), asked().refreshed, await kept()]).toEqual(['told', 1, []]);
});

test('promise 4: a refresh token whose answer was lost is not presented again where the provider declares no grace', async () => {
  const { tell: once, answers, again, clock, asked, kept } = await ring(company(() => 503));
  await once();
  clock.advance(3 * HOUR_MS);
  answers(
    company(
      () => 401,
      (response) => response.destroy(),
    ),
  );
  expect(await again()).toBe('untold');
  expect([asked().refreshed, await kept()]).toEqual([1, []]);
});

test('nor where the answer was lost before the person was forgotten', async () => {
  const { tell: once, answers, again, clock, asked, runtime, id } = await ring(company(() => 503));
  clock.advance(3 * HOUR_MS);
  answers(
    company(
      () => 503,
      (response) => response.destroy(),
    ),
  );
  expect(await once()).toMatchObject({ outcome: 'later' });
  expect(await runtime.state.get('connection', id)).toMatchObject({ value: { cause: 'refresh_answer_lost' } });
  answers(company(() => 401, renews));
  expect([await again(), asked().refreshed]).toEqual(['untold', 1]);
});

test('nor after a process died between presenting it and noting what came of it', async () => {
  const { tell: once, answers, again, clock, asked, runtime } = await ring(company(() => 503));
  await once();
  clock.advance(3 * HOUR_MS);
  const { vault } = runtime;
  const alive = { ...vault };
  answers(
    company(
      () => 401,
      (response) => {
        // From here on nothing is kept any more, as if the process had ended.
        Object.assign(vault, { replace: () => Promise.reject(new Error('dead')) });
        renews(response, { method: '', path: '', headers: {}, body: '', form: {} });
      },
    ),
  );
  expect(await again()).toBe('later');
  Object.assign(vault, alive);
  expect([await again(), asked().refreshed]).toEqual(['untold', 1]);
});

test('an answer that issued nothing lets it be presented at another time; a grant that has ended is over', async () => {
  const { tell: once, answers, again, clock, asked } = await ring(company(() => 503));
  await once();
  clock.advance(3 * HOUR_MS);
  answers(
    company(
      () => 401,
      (response) => json(response, 429),
    ),
  );
  expect(await again()).toBe('later');
  answers(
    company(
      () => 401,
      (response) => json(response, 400, { error: 'invalid_grant' }),
    ),
  );
  expect([await again(), asked().refreshed]).toEqual(['told', 2]);
});

test('an account somebody has connected since is left alone where ending one grant ends them all', async () => {
  const scale = await ring((response) => json(response, 200, { status: 2555 }), 'withings');
  expect(await scale.tell()).toMatchObject({ outcome: 'later' });
  const before = scale.count();
  expect(await scale.again()).toBe('later');
  const asked = scale.count();
  expect(asked).toBeGreaterThan(before);
  await scale.taken();
  expect([await scale.again(), scale.count() - asked, await scale.kept()]).toEqual(['untold', 0, []]);
});

test('after thirty days it is given up, and nothing of it is left', async () => {
  const { tell: once, again, clock, kept } = await ring(company(() => 503));
  await once();
  clock.advance(30 * 24 * HOUR_MS - 1);
  expect(await again()).toBe('later');
  clock.advance(1);
  expect([await again(), await kept()]).toEqual(['given_up', []]);
});

test('what cannot be opened is told to nobody, there or among those set aside', async () => {
  const { tell: once, again, asked, kept, runtime, id } = await ring(company(() => 503));
  expect(await once({ vault: openVault(runtime.state) })).toMatchObject({ outcome: 'untold' });
  expect(asked().revoked).toBe(0);
  await once();
  await runtime.state.put('sealed', `farewell/connection/${id}`, 'nonsense');
  expect([await again(), await kept()]).toEqual(['untold', []]);
});

test('a provider this version does not know any more keeps nobody from forgetting', async () => {
  const { about, runtime } = await ring(company(() => 200));
  expect(await tell(runtime, { ...about, provider: 'bygone' })).toMatchObject({ outcome: 'by_hand' });
});
