import * as fc from 'fast-check';
import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { arrive, choose, pendingChoice, start } from '../../../app/connect.ts';
import { undecided } from '../../../app/connect/choice.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { makeTicket, outcomeOf } from '../../../app/connect/ticket.ts';
import { tidyGrants } from '../../../app/connect/tidy.ts';
import { disconnect, link } from '../../../app/connections.ts';
import { readGrant } from '../../../app/grant.ts';
import { everyRecord } from '../../../app/tie.ts';
import { openFront } from '../../support/front.ts';

/** Two browsers; the question is about this account. */
const BROWSERS = ['A'.repeat(43), 'B'.repeat(43)] as const;
const NEW = 'new';
const garmin = oauthProvider('garmin');

afterEach(() => nock.cleanAll());

/** The account server with a memory: a revocation ends every grant of its account, as Garmin's does. */
function openAccounts() {
  const accounts = { named: '', alive: new Set<string>(), made: 0 };
  nock.cleanAll();
  nock('https://diauth.garmin.com')
    .persist()
    .post('/di-oauth2-service/oauth/token')
    .reply(200, () => {
      const access = `${accounts.named}-${(accounts.made += 1)}`;
      accounts.alive.add(access);
      return { access_token: access, refresh_token: `refresh-${access}`, expires_in: 86_400 };
    });
  const api = nock('https://apis.garmin.com/wellness-api/rest/user').persist();
  api.get('/id').reply(200, () => ({ userId: accounts.named }));
  api.get('/permissions').reply(200, { permissions: ['HEALTH_EXPORT'] });
  api.delete('/registration').reply(204, function reply() {
    const ended = String(this.req.headers['authorization']).replace('Bearer ', '');
    const account = ended.replace(/-\d+$/, '');
    if (accounts.alive.has(ended)) {
      for (const one of accounts.alive) if (one.startsWith(`${account}-`)) accounts.alive.delete(one);
    }
    return '';
  });
  return accounts;
}

/** Anna and Ben, each connected to an account of their own, and what they may do from there. */
async function openStage() {
  const accounts = openAccounts();
  const front = await openFront();
  const { runtime, clock } = front;
  const people = [front.anna, front.ben] as const;
  const grant = async (account: string, person: 0 | 1, browser: 0 | 1, ticket?: string) => {
    accounts.named = account;
    const by = { provider: 'garmin', userId: people[person].user_id, browser: BROWSERS[browser], ticket };
    const search = `?code=c&state=${new URL(await start(runtime, by)).searchParams.get('state') ?? ''}`;
    return arrive(runtime, garmin, { search, browser: BROWSERS[browser] });
  };
  const asked = async (browser: 0 | 1) => (await pendingChoice(runtime, 'garmin', BROWSERS[browser]))?.id ?? 'none';
  const answer = async (browser: 0 | 1, add: boolean, id?: string) =>
    choose(runtime, BROWSERS[browser], { id: id ?? (await asked(browser)), add });
  const expire = async () => {
    clock.advance(600_000);
    await tidyGrants(runtime);
  };
  await grant('annas', 0, 0);
  await grant('bens', 1, 1);
  return { runtime, accounts, people, clock, grant, asked, answer, expire };
}
type Stage = Awaited<ReturnType<typeof openStage>>;

/** What holds after every step. */
async function expectWhole({ runtime, accounts }: Stage, said: string): Promise<void> {
  const active = (await everyRecord(runtime.state)).filter(({ state }) => state === 'active');
  const names = active.map(({ external_id }) => external_id);
  expect(new Set(names).size, `${said}: one connection for each account`).toBe(names.length);
  const open = await undecided(runtime);
  const wanted = [...active.filter(({ kind }) => kind === 'oauth'), ...open].map(({ connection_id: id }) => id);
  const kept = (await runtime.vault.ids('connection/')).map((id) => id.slice('connection/'.length));
  expect(new Set(kept), `${said}: a grant for each of them and for each question, and no other`).toEqual(
    new Set(wanted),
  );
  for (const id of kept) {
    const access = (await readGrant(runtime.vault, id))?.tokens.access.reveal() ?? '';
    expect(accounts.alive.has(access), `${said}: ${access} is in use and was not revoked`).toBe(true);
  }
}

const either = fc.constantFrom<0 | 1>(0, 1);
const steps = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('grant' as const), person: either, browser: either }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('add' as const, 'keep' as const), browser: either }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('late' as const), browser: either, add: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('expire' as const, 'tidy' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('end' as const, 'link' as const), person: either }) },
);

type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;
const anna = { person: 0, browser: 0 } as const;
const ben = { person: 1, browser: 1 } as const;
/** What went wrong once: one waits with what another refuses, or ends; the account is tied by its id in between. */
const known: [Step[]][] = [
  [
    [
      { does: 'grant', ...anna },
      { does: 'grant', ...ben },
      { does: 'keep', browser: 0 },
      { does: 'add', browser: 1 },
    ],
  ],
  [
    [
      { does: 'grant', ...ben },
      { does: 'grant', ...anna },
      { does: 'add', browser: 0 },
      { does: 'end', person: 0 },
    ],
  ],
  [
    [
      { does: 'grant', ...anna },
      { does: 'link', person: 0 },
      { does: 'grant', ...anna },
    ],
  ],
  [
    [
      { does: 'grant', ...anna },
      { does: 'link', person: 0 },
      { does: 'add', browser: 0 },
    ],
  ],
  [
    [
      { does: 'grant', ...anna },
      { does: 'grant', person: 0, browser: 1 },
      { does: 'add', browser: 0 },
      { does: 'add', browser: 1 },
    ],
  ],
];

test('any order of grants, answers and ends leaves one connection for an account, and no grant in use revoked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 8 }), async (all) => {
      const stage = await openStage();
      const { runtime, people, grant, answer, expire, asked } = stage;
      // The questions each browser was shown first: their pages may be answered at any time.
      const shown: [string, string] = ['none', 'none'];
      for (const [n, step] of all.entries()) {
        if (step.does === 'grant') {
          await grant(NEW, step.person, step.browser);
          if (shown[step.browser] === 'none') shown[step.browser] = await asked(step.browser);
        } else if (step.does === 'late') await answer(step.browser, step.add, shown[step.browser]);
        else if (step.does === 'expire') await expire();
        else if (step.does === 'tidy') await tidyGrants(runtime);
        else if (step.does === 'end') {
          await disconnect(runtime, { provider: 'garmin', user: people[step.person], externalId: NEW }).catch(() => {});
        } else if (step.does === 'link') {
          await link(runtime, { provider: 'garmin', user: people[step.person], externalId: NEW }).catch(() => {});
        } else if (step.does === 'add' || step.does === 'keep') await answer(step.browser, step.does === 'add');
        await expectWhole(stage, `step ${n}, ${step.does}`);
      }
      await expire();
      await expectWhole(stage, 'in the end');
      expect(await undecided(runtime)).toEqual([]);
    }),
    { numRuns: 10, seed: 2026, examples: known },
  );
});

test('two questions about one account are one: the newer is answered, the older is over', async () => {
  const { runtime, accounts, people, grant, asked, answer } = await openStage();
  const ticket = await makeTicket(runtime, { provider: 'garmin', userId: people[0].user_id });
  await grant(NEW, 0, 0, ticket.id);
  const first = await asked(0);
  await grant(NEW, 0, 1);
  expect(await undecided(runtime)).toHaveLength(1);
  expect(await outcomeOf(runtime, ticket.id)).toEqual({ ok: false, code: 'asked_again' });
  expect(await answer(0, false, first)).toEqual({ kind: 'over' });
  expect(await answer(1, true)).toMatchObject({ kind: 'connected' });
  const active = (await everyRecord(runtime.state)).filter(({ external_id }) => external_id === NEW);
  expect(active.map(({ state }) => state)).toEqual(['active']);
  // Four grants were made: hers, his, and two of the new account, of which the later is in use.
  expect([...accounts.alive].toSorted()).toEqual(['annas-1', 'bens-2', 'new-3', 'new-4']);
});

test('an answer that comes while old questions are tidied away finds its grant', async () => {
  const stage = await openStage();
  for (let n = 0; n < 20; n += 1) {
    await stage.grant(NEW, 0, 0);
    const [, chosen] = await Promise.all([tidyGrants(stage.runtime), stage.answer(0, true), tidyGrants(stage.runtime)]);
    expect(chosen).toMatchObject({ kind: 'connected' });
    await expectWhole(stage, `round ${n}`);
    await disconnect(stage.runtime, { provider: 'garmin', user: stage.people[0], externalId: NEW });
  }
});

test('questions of two providers do not answer each other', async () => {
  const { runtime, grant } = await openStage();
  await grant(NEW, 0, 0);
  expect(await pendingChoice(runtime, 'garmin', BROWSERS[0])).toMatchObject({ before: 'annas' });
  expect(await pendingChoice(runtime, 'oura', BROWSERS[0])).toBeUndefined();
});

test('what was granted counts from when it was learned, whenever the question is answered', async () => {
  const { runtime, clock, grant, answer } = await openStage();
  const second = Math.floor(clock.now() / 1000) * 1000;
  clock.advance(700);
  await grant(NEW, 0, 0);
  clock.advance(300_000);
  const chosen = await answer(0, true);
  const id = chosen.kind === 'connected' ? chosen.connectionId : '';
  // A change told in whole seconds that happened in the second of the grant is newer than it.
  expect((await runtime.state.get('permissions', id))?.value).toEqual({ atMs: second });
  clock.advance(60_000);
  await grant(NEW, 0, 0);
  expect((await runtime.state.get('permissions', id))?.value).toEqual({ atMs: second + 360_000 });
});
