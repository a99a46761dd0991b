import { setImmediate } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { backfill, continueBackfills, startBackfill } from '../../../app/collect/backfill.ts';
import { readBackfill } from '../../../app/collect/backfill-record.ts';
import { collectNotices } from '../../../app/collect/notices.ts';
import { collectDaily } from '../../../app/collect/schedule.ts';
import { PortError } from '../../../ports/errors.ts';
import type { Objects } from '../../../ports/objects/objects.ts';
import { type Answer, answering, type Asked, openStand } from './stand.ts';

const REACH_DAYS = 30;
const RESEND_DAYS = 7;

/** The watch with the bounds of one that is connected lately; three of its windows may be asked for in a minute. */
vi.mock('../../../providers/index.ts', async () => {
  const { watch } = await import('./toys.ts');
  const limits = [{ per: 'app', requests: 3, windowS: 60 }];
  const backfillBounds = { reachDays: 30, resendDays: 7, limits };
  const bound = { ...watch, collect: { ...watch.collect, backfillBounds } };
  return { providers: { watch: bound }, findProvider: (id: string) => (id === bound.id ? bound : undefined) };
});

const DAY_S = 86_400;
const ADDRESS = 'https://watch.example/rest/dailies?token=T0p-Secret';

const NEVER = (_key: string): boolean => false;

/** A connected watch; its storage can be away. */
async function openWatch(answer: Answer, { kind = 'oauth' }: { readonly kind?: 'oauth' | 'link' } = {}) {
  const stand = openStand();
  const asked = answering('watch.example', answer);
  const connection = await stand.connect('watch', { kind, scopes: [] });
  let isAway = NEVER;
  const objects: Objects = {
    ...stand.runtime.objects,
    putIfAbsent: async (key, bytes) => {
      if (isAway(key)) throw new PortError('storage_failed', 'away');
      return stand.runtime.objects.putIfAbsent(key, bytes);
    },
  };
  const runtime = { ...stand.runtime, objects };
  return {
    ...stand,
    runtime,
    asked,
    connection,
    nowS: () => stand.clock.now() / 1000,
    away: (next: typeof isAway) => (isAway = next),
    ping: () => stand.notice('watch', connection.account, { callbackURL: ADDRESS }, 'ping'),
    look: () => collectNotices(runtime),
    /** Another process: what the one before had in memory is gone. */
    lookAfresh: () => collectNotices({ ...runtime, state: { ...runtime.state } }),
    record: () => readBackfill(runtime, connection.connection_id),
  };
}

const isCallback = ({ path }: Asked): boolean => path.startsWith('/rest/');
/** From and to of the requests for old days, in Unix seconds. */
const windows = (asked: readonly Asked[]): readonly (readonly [number, number])[] =>
  asked
    .filter(({ path }) => path.startsWith('/backfill/'))
    .map(({ path }) => new URL(path, 'https://watch.example').searchParams)
    .map((query) => [Number(query.get('from')), Number(query.get('to'))]);

/** An address that answers once. */
const once: Answer = (one, before) => {
  if (!isCallback(one)) return [202, ''];
  return before.some(isCallback) ? [410, ''] : [200, '[{"steps":1}]'];
};
const isData = (key: string): boolean => key.includes('/dailies-');

describe('storage that goes away when an address has answered', () => {
  test('for a moment is tried again at once', async () => {
    const { asked, away, ping, look, fetched } = await openWatch(once);
    await ping();
    let refusals = 2;
    away((key) => isData(key) && refusals-- > 0);
    expect(await look()).toMatchObject({ finished: 1 });
    expect([(await fetched()).length, asked.length]).toEqual([1, 1]);
  });

  test.each(['oauth', 'link'] as const)('for longer is waited for by the next run (%s)', async (kind) => {
    const { asked, away, ping, look, fetched } = await openWatch(once, { kind });
    await ping();
    away(isData);
    await expect(look()).rejects.toMatchObject({ code: 'storage_unavailable' });
    away(NEVER);
    expect(await look()).toMatchObject({ finished: 1, left: 0 });
    // The address was asked once: what it said was in memory.
    expect([(await fetched()).length, asked.length]).toEqual([1, 1]);
  });
});

describe('an address that is spent', () => {
  test('is done when what it said is stored', async () => {
    const { clock, asked, ping, look, lookAfresh, record } = await openWatch(once);
    await ping();
    await look();
    clock.advance(5);
    await ping();
    expect(await lookAfresh()).toMatchObject({ finished: 1, left: 0 });
    expect([asked.length, await record()]).toEqual([1, undefined]);
  });

  test('and of which nothing is stored is made good by the backfill: the look-back before it up to now', async () => {
    const { runtime, asked, ping, away, look, lookAfresh, nowS, connection } = await openWatch(once);
    await startBackfill(runtime, connection);
    await continueBackfills(runtime);
    const before = windows(asked).length;
    await ping();
    away(isData);
    await expect(look()).rejects.toMatchObject({ code: 'storage_unavailable' });
    away(NEVER);
    expect(await lookAfresh()).toMatchObject({ finished: 1, left: 0 });
    expect(await continueBackfills(runtime)).toBe(0);
    const again = windows(asked).slice(before);
    expect(again).toHaveLength(1);
    // Seven days of look-back, and one on each side for where the day begins; nothing lies after now.
    const [from = 0, to = 0] = again[0] ?? [];
    expect([Math.ceil((nowS() - from) / DAY_S), to <= nowS(), nowS() - to < 60]).toEqual([9, true, true]);
  });

  test('asks once a day, however many of them there are, and forgets none of their days', async () => {
    const { runtime, clock, asked, ping, look, nowS, connection } = await openWatch((one) => [
      isCallback(one) ? 410 : 202,
      '',
    ]);
    await startBackfill(runtime, connection);
    for (let n = 0; n < 5; n += 1) {
      await continueBackfills(runtime);
      clock.advance(60_000);
    }
    const before = windows(asked).length;
    for (let hour = 0; hour < 48; hour += 1) {
      await ping();
      await look();
      await continueBackfills(runtime);
      clock.advance(3_600_000);
    }
    // The first at once, the second a day later; what was lost since stands in the third.
    const again = windows(asked).slice(before);
    expect(again).toHaveLength(2);
    await continueBackfills(runtime);
    const [, to = 0] = windows(asked).at(-1) ?? [];
    expect(windows(asked)).toHaveLength(before + 3);
    expect(nowS() - to).toBeLessThan(60);
  });

  test('is asked for as another window when the same one is known and brings nothing', async () => {
    let refusals = 2;
    const { runtime, ping, look, asked, connection } = await openWatch((one) => {
      if (isCallback(one)) return [410, ''];
      return refusals-- > 0 ? [409, ''] : [202, ''];
    });
    await runtime.state.put('backfill', connection.connection_id, {
      connection_id: connection.connection_id,
      stretches: [],
      left_out: {},
      waits: {},
      requests: 0,
      whole: { dailies: '2026-11-20' },
      startedAt: runtime.clock.now(),
      finishedAt: runtime.clock.now(),
    });
    await ping();
    await look();
    expect(await continueBackfills(runtime)).toBe(0);
    const starts = windows(asked).map(([from]) => from);
    expect(starts).toEqual([starts[0], (starts[0] ?? 0) + 1, (starts[0] ?? 0) + 2]);
  });

  test('and of which every window is known is given up, within the limit of the provider', async () => {
    const { runtime, clock, ping, look, asked, connection, counters } = await openWatch((one) =>
      isCallback(one) ? [410, ''] : [409, ''],
    );
    await startBackfill(runtime, connection);
    await continueBackfills(runtime);
    clock.advance(60_000);
    const before = windows(asked).length;
    await ping();
    await look();
    for (let minute = 0; minute < 5; minute += 1) {
      await continueBackfills(runtime);
      clock.advance(60_000);
    }
    expect(await continueBackfills(runtime)).toBe(0);
    expect(windows(asked).slice(before)).toHaveLength(5);
    expect(counters.read()['watch']).toMatchObject({ callback_lost: 1 });
  });

  test('of a linked account cannot be made good, and is counted', async () => {
    const { ping, look, counters, asked } = await openWatch(() => [410, ''], { kind: 'link' });
    await ping();
    expect(await look()).toMatchObject({ finished: 1, left: 0 });
    expect(counters.read()['watch']).toMatchObject({ callback_lost: 1 });
    expect(windows(asked)).toEqual([]);
  });
});

describe('days from before the connection', () => {
  test('are asked for as far as the provider goes, and none before', async () => {
    const { runtime, asked, connection, nowS } = await openWatch(() => [202, '']);
    const connectedS = nowS();
    await startBackfill(runtime, connection);
    expect(await continueBackfills(runtime)).toBe(0);
    const all = windows(asked);
    // 31 local dates, of which the watch takes 30 at a time: newest first, and no second from before the bound.
    expect(all).toHaveLength(2);
    expect(all[1]?.[0]).toBe(connectedS - REACH_DAYS * DAY_S);
    expect(all[0]?.[0]).toBe(all[1]?.[1]);
    expect(all[0]?.[1]).toBe(connectedS);
  });

  test('are asked for within the limit of the provider, which is no limit of anything else', async () => {
    const { runtime, clock, asked, connection, nowS } = await openWatch((one) =>
      isCallback(one) ? [200, '[]'] : [202, ''],
    );
    await startBackfill(runtime, connection);
    await continueBackfills(runtime);
    clock.advance(100 * DAY_S * 1000);
    const [request, sinceS] = [{ provider: 'watch', userId: connection.user_id }, nowS()];
    const asking = backfill(runtime, { ...request, from: '2020-01-01', to: '2030-01-01' });
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    const [report] = await asking;
    // 30 days of before and 100 of since are 131 dates, five windows of 30: the fourth waits for the minute to pass.
    expect(report).toMatchObject({ state: 'finished', delivery: 'asked', chunks_done: 5, chunks_total: 5 });
    expect(windows(asked).slice(2)).toHaveLength(5);
    expect(nowS() - sinceS).toBeGreaterThanOrEqual(60);
  });
});

/** The windows asked for when a machine that was on for its first day and off for some days is on again for four. */
async function live(offDays: number) {
  const watch = await openWatch(() => [202, '']);
  await startBackfill(watch.runtime, watch.connection);
  await continueBackfills(watch.runtime);
  await collectDaily(watch.runtime);
  const before = windows(watch.asked).length;
  const offS = watch.nowS();
  watch.clock.advance(offDays * DAY_S * 1000);
  for (let round = 0; round < 4; round += 1) {
    await collectDaily(watch.runtime);
    await continueBackfills(watch.runtime);
    watch.clock.advance(DAY_S * 1000);
  }
  return { offS, asked: windows(watch.asked).slice(before) };
}

describe('a machine that was off', () => {
  test('for no longer than the provider sends again has nothing to ask for', async () => {
    expect((await live(RESEND_DAYS)).asked).toEqual([]);
  });

  test('for forty days asks once for every second of them', async () => {
    const { offS, asked } = await live(40);
    const ascending = asked.toSorted(([a], [b]) => a - b);
    expect(ascending[0]?.[0]).toBeLessThan(offS);
    expect(ascending.at(-1)?.[1]).toBe(offS + 40 * DAY_S);
    expect(ascending.slice(1).map(([from]) => from)).toEqual(ascending.slice(0, -1).map(([, to]) => to));
  });
});
