import { describe, expect, test, vi } from 'vitest';
import { collectNotices } from '../../../app/collect/notices.ts';
import { collectOverdue } from '../../../app/collect/overdue.ts';
import { pendingOf } from '../../../app/collect/pending.ts';
import { setCondition } from '../../../app/condition.ts';
import { disconnect } from '../../../app/connections.ts';
import { readGrant } from '../../../app/grant.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { type Answer, answering, openStand, tokensOf } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const NOW_S = Date.UTC(2026, 10, 20, 7) / 1000;
const form = (body: string) => Object.fromEntries(new URLSearchParams(body));
const weighIn = (atS: number) => `userid=1&appli=1&startdate=${atS}&enddate=${atS + 1}`;

async function scaleOf(answer: Answer = () => [200, '{"status":0}']) {
  const stand = openStand();
  const asked = answering('scale.example', answer);
  const connection = await stand.connect('scale');
  const notice = (data: string) => stand.notice('scale', connection.account, data);
  return { ...stand, asked, connection, notice };
}

test('a notice is fetched with a day on each side of its instants, and is finished then', async () => {
  const { asked, notice, look, fetched } = await scaleOf();
  await notice(weighIn(NOW_S));
  expect(await look()).toMatchObject({ finished: 1, left: 0, unclaimed: 0 });
  // 20 November in Paris; the days around it are 19 to 21, and end as the 22nd begins at 23:00 UTC.
  expect(form(asked[0]?.body ?? '')).toEqual({
    startdate: String(Date.UTC(2026, 10, 18, 23) / 1000),
    enddate: String(Date.UTC(2026, 10, 21, 23) / 1000),
  });
  expect(await fetched()).toHaveLength(1);
  expect(await look()).toMatchObject({ finished: 0, left: 0 });
  expect(asked).toHaveLength(1);
});

test('a thousand notices of one kind are one fetch', async () => {
  const { asked, notice, look, clock } = await scaleOf();
  for (let n = 0; n < 1000; n += 1) {
    clock.advance(10);
    await notice(weighIn(NOW_S - (n % 5) * 86_400));
  }
  expect(await look()).toMatchObject({ finished: 1000, left: 0 });
  expect(asked).toHaveLength(1);
  // Four days ago with a day before it, up to tomorrow.
  expect(form(asked[0]?.body ?? '')['startdate']).toBe(String(Date.UTC(2026, 10, 14, 23) / 1000));
});

test('two workers at once double no request', async () => {
  const { asked, notice, runtime } = await scaleOf();
  for (let n = 0; n < 20; n += 1) await notice(weighIn(NOW_S - n));
  const reports = await Promise.all([collectNotices(runtime), collectNotices(runtime), collectNotices(runtime)]);
  expect(asked).toHaveLength(1);
  expect(reports.map(({ left }) => left)).toEqual([0, 0, 0]);
});

test('notices of an account nobody connected are counted, left, and done once somebody has', async () => {
  const stand = openStand();
  const asked = answering('scale.example', () => [200, '{"status":0}']);
  await stand.notice('scale', accountOf('scale', 'x-1'), weighIn(NOW_S));
  expect(await stand.look()).toMatchObject({ finished: 0, left: 0, unclaimed: 1 });
  expect(asked).toHaveLength(0);
  await stand.connect('scale');
  expect(await stand.look()).toMatchObject({ finished: 1, unclaimed: 0 });
});

test('a notice whose days are not answered is finished: they are noted, and asked for when their time has come', async () => {
  let well = false;
  const { asked, notice, look, clock, runtime } = await scaleOf(() => (well ? [200, '{"status":0}'] : [500, '']));
  await notice(weighIn(NOW_S));
  expect(await look()).toMatchObject({ finished: 1, left: 0, streams: [{ outcome: 'later' }] });
  expect(await pendingOf(runtime)).toMatchObject([{ days: [{ from: '2026-11-19', to: '2026-11-21' }] }]);
  const tries = asked.length;
  well = true;
  expect(await look()).toMatchObject({ finished: 0, left: 0 });
  await collectOverdue(runtime);
  expect(asked).toHaveLength(tries);
  clock.advance(3_600_000);
  await collectOverdue(runtime);
  expect(asked).toHaveLength(tries + 1);
  expect(await pendingOf(runtime)).toEqual([]);
});

test('a process that ends before the mark is written asks once more and stores nothing twice', async () => {
  const { asked, notice, look, fetched, runtime } = await scaleOf();
  const key = await notice(weighIn(NOW_S));
  await look();
  await runtime.state.delete('notice', key);
  expect(await look()).toMatchObject({ finished: 1 });
  expect(asked).toHaveLength(2);
  expect(await fetched()).toHaveLength(1);
});

test('a refusal that is noted finishes the notice', async () => {
  const { asked, notice, look } = await scaleOf(() => [200, '{"status":503}']);
  await notice(weighIn(NOW_S));
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
  expect(asked).toHaveLength(1);
});

test('a shape nobody knows asks for nothing and is finished', async () => {
  const { asked, notice, look } = await scaleOf();
  await notice('appli=999');
  await notice('');
  expect(await look()).toMatchObject({ finished: 2, left: 0 });
  expect(asked).toHaveLength(0);
});

test('times that cannot be become the look-back', async () => {
  const { asked, notice, look } = await scaleOf();
  await notice('appli=1&startdate=99999999999999&enddate=-5');
  await look();
  expect(form(asked[0]?.body ?? '')['startdate']).toBe(String(Date.UTC(2026, 10, 13, 23) / 1000));
});

test('notices of the last thirty days are found again after a long stop, older ones are not', async () => {
  const { notice, look, clock } = await scaleOf();
  await notice(weighIn(NOW_S));
  clock.advance(29 * 86_400_000);
  await notice(weighIn(NOW_S));
  clock.advance(2 * 86_400_000);
  expect(await look()).toMatchObject({ finished: 1 });
});

test('an event names the notice, so that nothing else is looked at', async () => {
  const { asked, notice, runtime } = await scaleOf();
  await notice(weighIn(NOW_S));
  const key = await notice('userid=1&appli=44');
  expect(await collectNotices(runtime, { keys: [key] })).toMatchObject({ finished: 1 });
  // The look-back of seven days, one request a night.
  expect(asked.map(({ path }) => path)).toEqual(Array.from({ length: 7 }, () => '/nights'));
});

describe('a message that the grant has ended', () => {
  test('is believed when the provider no longer takes it: the grant is dropped, the person told', async () => {
    const { notice, look, connection, runtime, state, events } = await scaleOf(() => [200, '{"status":401}']);
    await notice('appli=46&action=unlink');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await state(connection.connection_id)).toBe('revoked');
    expect(await readGrant(runtime.vault, connection.connection_id)).toBeUndefined();
    const changes = events.flatMap((event) => (event.detailType === 'Connection Changed' ? [event.detail.change] : []));
    expect(changes).toContain('revoked');
  });

  test('is not believed while the provider takes the grant: token and connection stay', async () => {
    const { notice, look, connection, runtime, state, counters } = await scaleOf();
    await notice('appli=46&action=unlink');
    expect(await look()).toMatchObject({ finished: 1 });
    expect(await state(connection.connection_id)).toBe('active');
    expect(await readGrant(runtime.vault, connection.connection_id)).toBeDefined();
    expect(counters.read()['scale']).toMatchObject({ ended_not_confirmed: 1 });
  });

  test('is asked about again while the provider does not answer', async () => {
    const { notice, look, connection, state } = await scaleOf(() => [500, '']);
    await notice('appli=46&action=unlink');
    expect(await look()).toMatchObject({ finished: 0, left: 1 });
    expect(await state(connection.connection_id)).toBe('active');
  });

  test('is not believed when a token just renewed is taken', async () => {
    const stand = await scaleOf(({ bearer }) => [
      200,
      bearer === 'Bearer access-2' ? '{"status":0}' : '{"status":401}',
    ]);
    stand.refreshGives({ ok: true, tokens: tokensOf(stand.clock.now(), 'access-2') });
    await stand.notice('appli=46&action=unlink');
    await stand.look();
    expect(await stand.state(stand.connection.connection_id)).toBe('active');
  });
});

test('who has lost the hold notes nothing: the notice stays open for whoever has it now', async () => {
  const { notice, look, runtime, connection, asked } = await scaleOf(() => [500, '']);
  await notice(weighIn(NOW_S));
  const state = {
    ...runtime.state,
    acquire: async (...args: Parameters<typeof runtime.state.acquire>) => {
      const taken = await runtime.state.acquire(...args);
      const lost = args[0].startsWith('collect/') && taken.ok;
      return lost ? { ok: true as const, lease: { ...taken.lease, renew: async () => asked.length === 0 } } : taken;
    },
  };
  expect(await collectNotices({ ...runtime, state })).toMatchObject({
    finished: 0,
    left: 1,
    streams: [{ outcome: 'later', reason: 'taken_over' }],
  });
  expect(await pendingOf(runtime, connection.connection_id)).toEqual([]);
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
});

test('what is noticed while the grant has to be renewed by hand is noted, and fetched once it has been', async () => {
  const { asked, notice, look, runtime, connection, clock } = await scaleOf();
  const { connection_id: id } = connection;
  await setCondition(runtime, id, { state: 'needs_reconnect', cause: 'invalid_grant' });
  await notice(weighIn(NOW_S));
  expect(await look()).toMatchObject({ finished: 1, left: 0 });
  clock.advance(40 * 86_400_000);
  await collectOverdue(runtime);
  expect(asked).toHaveLength(0);
  await setCondition(runtime, id, { state: 'active', cause: null });
  clock.advance(3_600_000);
  await collectOverdue(runtime);
  // 20 November with a day on each side, long behind the look-back.
  expect(form(asked[0]?.body ?? '')['startdate']).toBe(String(Date.UTC(2026, 10, 18, 23) / 1000));
  expect(await pendingOf(runtime)).toEqual([]);
});

test('nothing is fetched for a connection that ended', async () => {
  const { asked, notice, look, runtime, connection } = await scaleOf();
  await notice(weighIn(NOW_S));
  await disconnect(
    { ...runtime, isForgotten: () => false },
    { provider: 'scale', user: { user_id: connection.user_id } },
  );
  const asks = asked.filter(({ path }) => path !== '/notify').length;
  expect(await look()).toMatchObject({ finished: 0, unclaimed: 1 });
  expect(asked.filter(({ path }) => path !== '/notify')).toHaveLength(asks);
  expect(await pendingOf(runtime)).toEqual([]);
});
