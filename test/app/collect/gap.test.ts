import { describe, expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { continueBackfills, startBackfill } from '../../../app/collect/backfill.ts';
import { collectDaily } from '../../../app/collect/schedule.ts';
import { setCondition } from '../../../app/condition.ts';
import { disconnect } from '../../../app/connections.ts';
import { addDays, daysOf } from '../../../app/days.ts';
import { status } from '../../../app/status.ts';
import { type Asked, answering, openStand, tokensOf } from './stand.ts';

/** The scale with a shorter memory, so that all of it is fetched soon. */
vi.mock('../../../providers/index.ts', async () => {
  const { scale } = await import('./toys.ts');
  const near = { ...scale, collect: { ...scale.collect, backfillDays: 45, limits: [] } };
  return { providers: { scale: near }, findProvider: (id: string) => (id === near.id ? near : undefined) };
});

const DAY_MS = 86_400_000;
const TODAY = '2026-11-20';
/** The scale's own bound, today counted. */
const REACH_DAYS = 45;
/** A night reaches the provider so many days after it. */
const LATE_DAYS = 5;

/** The night a request is about: local midnight in Paris, an hour or two before that of UTC. */
function nightOf({ body }: Asked): string {
  const startS = Number(new URLSearchParams(body).get('startdate'));
  return new Date((startS + 12 * 3600) * 1000).toISOString().slice(0, 10);
}

type Refusal = readonly [status: number, body: string];

/** A person with a scale that gives each night its own answer, empty until the night has been sent. */
async function sleeper({ scopes = ['sleep'] }: { readonly scopes?: readonly string[] } = {}) {
  const stand = openStand();
  let refusal: Refusal | undefined;
  const asked = answering('scale.example', (one) => {
    if (one.path !== '/nights') return [200, JSON.stringify({ status: 0, from: nightOf(one) })];
    if (refusal !== undefined) return refusal;
    const night = nightOf(one);
    const sentMs = Date.parse(night) + LATE_DAYS * DAY_MS;
    return [200, JSON.stringify({ status: 0, night, value: stand.clock.now() < sentMs ? null : `slept ${night}` })];
  });
  const connection = await stand.connect('scale', { scopes });
  const { runtime, clock } = stand;
  const sweep = async () => {
    await collectDaily(runtime);
    for (let round = 0; round < 6 && (await continueBackfills(runtime)) > 0; round += 1) clock.advance(1000);
  };
  /** Days go by; on those the machine is on it sweeps once. */
  const live = async (days: number, isOn: (day: number) => boolean) => {
    for (let day = 1; day <= days; day += 1) {
      clock.advance(DAY_MS);
      if (isOn(day)) await sweep();
    }
  };
  const nights = async () => {
    const found = (await stand.fetched()).map(({ data }) => /"(slept [\d-]+)"/.exec(JSON.stringify(data))?.[1]);
    return [...new Set(found.filter((night) => night !== undefined))].toSorted();
  };
  return {
    ...stand,
    asked,
    connection,
    sweep,
    live,
    nights,
    refuse: (next: Refusal | undefined) => (refusal = next),
    begin: () => startBackfill(runtime, connection),
    shown: async () => (await status({ ...runtime, warehouse: { run: async () => [] } }))[0]?.backfill,
  };
}

/** Every night that has been sent by then, as far back as the scale goes. */
const slept = (lastDay: string): string[] =>
  daysOf(addDays(TODAY, 1 - REACH_DAYS), addDays(lastDay, -LATE_DAYS)).map((night) => `slept ${night}`);

describe('a machine that was off', () => {
  test('for forty days brings every day of them with one sweep, as if it had been on', async () => {
    const ann = await sleeper();
    await ann.begin();
    await ann.sweep();
    await ann.live(3, () => true);
    await ann.live(40, (day) => day === 40);
    // 20 November and 43 days: 2 January.
    expect(await ann.nights()).toEqual(slept('2027-01-02'));
  });

  test('from the evening it was connected on misses no day either', async () => {
    const ann = await sleeper();
    await ann.begin();
    await ann.live(21, (day) => day === 21);
    expect(await ann.nights()).toEqual(slept('2026-12-11'));
  });

  test('asks for no more than the look-back once it has caught up', async () => {
    const ann = await sleeper();
    await ann.begin();
    await ann.sweep();
    await ann.live(21, (day) => day === 21);
    const before = ann.asked.length;
    await ann.live(2, () => true);
    expect(ann.asked.slice(before).map(nightOf).toSorted()).toEqual(
      [...daysOf('2026-12-06', '2026-12-12'), ...daysOf('2026-12-07', '2026-12-13')].toSorted(),
    );
  });
});

test('days a provider refused for three weeks are asked for once it answers again', async () => {
  const ann = await sleeper();
  await ann.begin();
  await ann.sweep();
  ann.refuse([200, '{"status":503}']);
  await ann.live(21, () => true);
  ann.refuse(undefined);
  await ann.live(2, () => true);
  expect(await ann.nights()).toEqual(slept('2026-12-13'));
});

describe('a refusal is no end: old days wait a day, the other streams go on, and the rest comes', () => {
  test.each<readonly [string, Refusal]>([
    ['refuses what is asked', [200, '{"status":503}']],
    ['does not take the token for it', [200, '{"status":401}']],
    ['breaks', [500, '']],
    ['says it is asked too often', [200, '{"status":601}']],
    ['answers with a page of somebody else', [200, '<h1>Sign in</h1>']],
  ])('when the provider %s', async (_, refusal) => {
    const ann = await sleeper({ scopes: ['body', 'sleep'] });
    // With a token just renewed it is not the token.
    ann.refreshGives({ ok: true, tokens: tokensOf(ann.clock.now(), 'access-2') });
    await ann.begin();
    ann.refuse(refusal);
    for (let round = 0; round < 3; round += 1) await continueBackfills(ann.runtime);
    expect(await ann.shown()).toMatchObject({ state: 'running', left_out: [] });
    expect((await ann.shown())?.waiting.map(({ type }) => type)).toContain('nights');
    ann.refuse(undefined);
    // The mark a look makes of it ends after a day.
    await ann.live(2, () => true);
    expect(await ann.nights()).toEqual(slept('2026-11-22'));
    expect(await ann.shown()).toMatchObject({ state: 'finished', left_out: [], waiting: [] });
    expect(ann.asked.filter(({ path }) => path === '/measures').length).toBeGreaterThan(1);
  });

  test('a look that was refused leaves no old day out either', async () => {
    const ann = await sleeper();
    ann.refuse([200, '{"status":503}']);
    await collectDaily(ann.runtime);
    ann.refuse(undefined);
    await ann.begin();
    await continueBackfills(ann.runtime);
    expect(await ann.shown()).toMatchObject({
      state: 'running',
      chunks_done: 0,
      chunks_total: REACH_DAYS,
      waiting: [{ type: 'nights', retry_at: '2026-11-21T07:00:00.123Z', detail: 'A field is wrong.' }],
    });
  });
});

describe('a scope that is granted later', () => {
  test('begins with everything the provider has, not with the last week', async () => {
    const ann = await sleeper({ scopes: ['body'] });
    await ann.begin();
    await ann.sweep();
    expect(await ann.shown()).toMatchObject({
      state: 'finished',
      left_out: [{ type: 'nights', reason: 'scope_missing', detail: 'Scale was not allowed to give nights.' }],
    });
    await ann.live(20, () => true);
    await setCondition(ann.runtime, ann.connection.connection_id, {
      state: 'active',
      cause: null,
      scopes: ['body', 'sleep'],
    });
    await ann.begin();
    await ann.sweep();
    // 20 days on, and as far back as the scale goes from there.
    const all = slept('2026-12-10').filter((night) => night > `slept ${addDays('2026-12-10', -REACH_DAYS)}`);
    expect(await ann.nights()).toEqual(all);
    expect(await ann.shown()).toMatchObject({ state: 'finished', left_out: [] });
  });

  test('connecting again while old days are open keeps them, and the days between come too', async () => {
    const ann = await sleeper();
    await ann.begin();
    // One slice: most of it is still to be done.
    await continueBackfills(ann.runtime);
    await setCondition(ann.runtime, ann.connection.connection_id, { state: 'revoked', cause: 'invalid_grant' });
    await ann.live(30, () => false);
    await setCondition(ann.runtime, ann.connection.connection_id, { state: 'active', cause: null });
    await ann.begin();
    await ann.sweep();
    expect(await ann.nights()).toEqual(slept('2026-12-20'));
  });
});

test('a connection that is ended takes its backfills along, and one made anew begins anew', async () => {
  const ann = await sleeper();
  await ann.begin();
  expect(await ann.runtime.state.list('backfill')).toHaveLength(1);
  await disconnect(ann.runtime, { provider: 'scale', user: { user_id: ann.connection.user_id } });
  expect(await ann.runtime.state.list('backfill')).toEqual([]);
});

test('a metric nobody knows is refused, with those the provider gives', async () => {
  const ann = await sleeper();
  await expect(collect(ann.runtime, { provider: 'scale', metric: 'wieght_kg' })).rejects.toMatchObject({
    code: 'unknown_metric',
    status: 400,
    exit: 2,
    remedy: expect.stringContaining('sleep_total_s, weight_kg'),
  });
  expect(ann.asked).toEqual([]);
});
