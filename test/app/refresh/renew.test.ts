import { expect, test } from 'vitest';
import { readGrant, saveGrant } from '../../../app/grant.ts';
import { isFresh, isUnused } from '../../../app/refresh/due.ts';
import { renewDue } from '../../../app/refresh/renew.ts';
import { RECEIVED_AT } from '../../support/door.ts';
import { CONNECTION, HOUR_MS, issued, ok, openBench, patiently } from './bench.ts';
import { oauthWith } from './parts.ts';

const LASTING = RECEIVED_AT + 3 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const grantOf = (expiresAt: number | null, savedAtMs: number | null) => ({
  tokens: issued(0, expiresAt),
  generation: 1,
  savedAtMs,
});

test('T17: of a hundred connections that end together at most four are renewed at a time, and all are', async () => {
  let [now, most] = [0, 0];
  const bench = await openBench({ tokens: { expiresAt: LASTING } }, [
    async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((settled) => setImmediate(settled));
      now -= 1;
      return ok(1, LASTING);
    },
  ]);
  const { state, vault } = bench.runtime;
  const ids = Array.from({ length: 100 }, (_, n) => `c_${n}`);
  for (const id of ids) {
    await state.put('connection', id, { ...CONNECTION, connection_id: id, account: `a_${id}`, sequence: 1 });
    await saveGrant(vault, id, issued(0, RECEIVED_AT - 1), { expect: 0, nowMs: RECEIVED_AT - HOUR_MS });
  }
  // One more lasts, one is given up.
  await state.put('connection', 'c_0', { ...CONNECTION, connection_id: 'c_0', state: 'needs_reconnect', sequence: 2 });
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(99);
  expect(most).toBe(4);
  expect((await readGrant(vault, 'c_0'))?.generation).toBe(1);
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(0);
});

test('once the time of a function is over no token is presented, and what was under way is kept', async () => {
  const over = new AbortController();
  const bench = await openBench({ tokens: { expiresAt: RECEIVED_AT - 1 } }, [
    async () => {
      over.abort();
      return ok(1, LASTING);
    },
  ]);
  const { state, vault } = bench.runtime;
  for (const id of Array.from({ length: 20 }, (_, n) => `c_${n}`)) {
    await state.put('connection', id, { ...CONNECTION, connection_id: id, account: `a_${id}`, sequence: 1 });
    await saveGrant(vault, id, issued(0, RECEIVED_AT - 1), { expect: 0, nowMs: RECEIVED_AT - HOUR_MS });
  }
  // Four were begun at once.
  expect(await patiently(bench.clock, renewDue(bench.custody, over.signal))).toBe(4);
  expect(await patiently(bench.clock, renewDue(bench.custody, over.signal))).toBe(0);
});

test('T17: the margin differs by up to a tenth from connection to connection, and stays for each', () => {
  const oauth = oauthWith({ rotates: true });
  const margins = Array.from({ length: 1000 }, (_, n) => {
    const isDue = (seconds: number): boolean =>
      !isFresh(oauth, `c_${n}`, grantOf(RECEIVED_AT + seconds * 1000, null), RECEIVED_AT);
    return Array.from({ length: 240 }, (_value, step) => 780 + step).findLast(isDue) ?? 0;
  });
  // 900 s, a tenth less or more.
  expect(Math.min(...margins)).toBeGreaterThanOrEqual(809);
  expect(Math.max(...margins)).toBeLessThanOrEqual(990);
  expect(Math.max(...margins) - Math.min(...margins)).toBeGreaterThan(150);
});

test('the margin is never more than half of what the token lives', () => {
  const oauth = oauthWith({ rotates: true });
  const savedAtMs = RECEIVED_AT;
  const grant = grantOf(RECEIVED_AT + 600_000, savedAtMs);
  expect(isFresh(oauth, 'c_1', grant, RECEIVED_AT + 299_000)).toBe(true);
  expect(isFresh(oauth, 'c_1', grant, RECEIVED_AT + 301_000)).toBe(false);
});

test('T19: a refresh token is used after a week, or a third of the time it may lie idle, lest it lapses', async () => {
  const lasting = oauthWith({ rotates: true });
  const short = oauthWith({ rotates: true, lapsesS: 7 * 86_400 });
  const grant = grantOf(null, RECEIVED_AT);
  expect([6.9, 7.1].map((days) => isUnused(lasting, grant, RECEIVED_AT + days * DAY_MS))).toEqual([false, true]);
  expect([2.3, 2.4].map((days) => isUnused(short, grant, RECEIVED_AT + days * DAY_MS))).toEqual([false, true]);
  const bench = await openBench({ tokens: { expiresAt: null } }, [{ ok: true, tokens: issued(1, null) }]);
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(0);
  bench.clock.advance(7 * DAY_MS);
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(1);
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(0);
});

test('a grant that cannot be read keeps nobody else from theirs', async () => {
  const bench = await openBench({}, [ok(1, LASTING)]);
  const { state, vault } = bench.runtime;
  await state.put('connection', 'c_0', { ...CONNECTION, connection_id: 'c_0', sequence: 1 });
  await vault.replace('connection/c_0', 'no grant', { expect: 0 });
  expect(await patiently(bench.clock, renewDue(bench.custody))).toBe(1);
});
