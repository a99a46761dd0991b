import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { dropGrant, readGrant, saveGrant } from '../../../app/grant.ts';
import type { TokenOutcome } from '../../../providers/kit/oauth/oauth.ts';
import { CONNECTION, HOUR_MS, ID, issued, ok, openBench, tokenOf } from './bench.ts';
import { RECEIVED_AT } from '../../support/door.ts';

const LATER: TokenOutcome = { ok: false, kind: 'later' };
const UNKNOWN: TokenOutcome = { ok: false, kind: 'unknown' };
const LASTING = RECEIVED_AT + 3 * HOUR_MS;
const reconnect = { ok: false, reason: 'needs_reconnect' };

test('a fresh token is given without a call, and one in its margin is renewed first', async () => {
  // 15 minutes, a tenth more or less: 17 minutes are outside of it in any case, 13 inside.
  for (const [minutes, calls] of [
    [17, 0],
    [13, 1],
  ] as const) {
    const bench = await openBench({ tokens: { expiresAt: RECEIVED_AT + minutes * 60_000 } }, [ok(1, LASTING)]);
    expect(tokenOf(await bench.ask())).toBe(`access-${calls}`);
    expect(bench.presented).toHaveLength(calls);
  }
});

test('a new grant is in the vault before anybody has its token, and what the answer leaves out stays', async () => {
  const tokens = { scopes: ['weight'], fields: { userid: '7' } };
  const answer: TokenOutcome = { ok: true, tokens: { ...issued(1, LASTING), refresh: null } };
  const bench = await openBench({ tokens }, [answer]);
  expect(await bench.ask()).toMatchObject({ ok: true, generation: 2 });
  const grant = await readGrant(bench.runtime.vault, ID);
  expect(grant?.tokens).toMatchObject({ scopes: ['weight'], fields: { userid: '7' }, expiresAt: LASTING });
  expect(grant?.tokens.refresh?.reveal()).toBe('refresh-0');
});

test('T6: the word of the token endpoint ends a connection at once, with its cause, a fact and an event', async () => {
  for (const error of ['invalid_grant', 'invalid_client']) {
    const bench = await openBench({}, [{ ok: false, kind: 'refused', error }]);
    expect(await bench.ask()).toEqual(reconnect);
    expect(await bench.connection()).toMatchObject({ state: 'needs_reconnect', cause: error });
    expect(await bench.facts()).toMatchObject([{ state: 'needs_reconnect', cause: error }]);
    const changed = bench.events.filter((event) => event.detailType === 'Connection Changed');
    expect(changed).toMatchObject([{ detail: { connection_id: ID, change: 'needs_reconnect' } }]);
    // From here on nobody is asked.
    expect(await bench.ask()).toEqual(reconnect);
    expect(bench.presented).toHaveLength(1);
  }
});

test('T6: any other refusal, or "not now", is tried again after 30 s at the earliest, and as late as the provider says', async () => {
  const cases: readonly (readonly [TokenOutcome, number, number])[] = [
    [{ ok: false, kind: 'refused', error: 'invalid_request' }, 30_000, 37_500],
    [LATER, 30_000, 37_500],
    [{ ok: false, kind: 'later', retryAfter: '600' }, 600_000, 600_000],
  ];
  for (const [outcome, least, most] of cases) {
    const bench = await openBench({}, [outcome, ok(1, LASTING)]);
    const answer = await bench.ask();
    if (answer.ok || answer.reason !== 'later') throw new TypeError('It should be later.');
    expect(answer.retryAtMs - RECEIVED_AT).toBeGreaterThanOrEqual(least);
    expect(answer.retryAtMs - RECEIVED_AT).toBeLessThanOrEqual(most);
    bench.clock.set(answer.retryAtMs - 1);
    expect(await bench.ask()).toEqual(answer);
    bench.clock.set(answer.retryAtMs);
    expect(tokenOf(await bench.ask())).toBe('access-1');
    expect(await bench.connection()).toMatchObject({ state: 'active' });
  }
});

test('while no new token is to be had, one that still lasts is used', async () => {
  const bench = await openBench({ tokens: { expiresAt: RECEIVED_AT + 5 * 60_000 } }, [LATER]);
  expect(tokenOf(await bench.ask())).toBe('access-0');
  bench.clock.advance(5 * 60_000);
  expect(await bench.ask()).toMatchObject({ ok: false, reason: 'later' });
});

test('T8: a door that never answers is asked 31 times on the first day and 24 on each further one, at most', async () => {
  const times: number[] = [];
  const bench = await openBench({}, [() => (times.push(bench.clock.now()), LATER)]);
  while (bench.clock.now() < RECEIVED_AT + 7 * 24 * HOUR_MS) {
    const answer = await bench.ask();
    if (answer.ok || answer.reason !== 'later') throw new TypeError('It should be later.');
    // Asking before it is time changes nothing.
    bench.clock.set(answer.retryAtMs - 1);
    expect(await bench.ask()).toEqual(answer);
    bench.clock.advance(1);
  }
  const days = Array.from({ length: 7 }, (_, day) => {
    const fromMs = RECEIVED_AT + day * 24 * HOUR_MS;
    return times.filter((at) => at >= fromMs && at < fromMs + 24 * HOUR_MS).length;
  });
  // 30 s doubling: seven waits make 3,810 s, then one an hour: 1 + 7 + (86,400 - 3,810) / 3,600.
  expect(days[0]).toBeLessThanOrEqual(31);
  for (const calls of days.slice(1)) expect(calls).toBeLessThanOrEqual(24);
  // An hour and a quarter at the longest.
  expect(Math.min(...days)).toBeGreaterThanOrEqual(18);
});

test('T3: a lost answer ends the connection where no grace is declared, with a cause of its own', async () => {
  const bench = await openBench({}, [UNKNOWN]);
  expect(await bench.ask()).toEqual(reconnect);
  expect(await bench.connection()).toMatchObject({ state: 'needs_reconnect', cause: 'refresh_answer_lost' });
  expect(bench.presented).toEqual(['refresh-0']);
});

test('T3: within a declared grace the token is presented again, but not before the first call must be over', async () => {
  const bench = await openBench({ refresh: { rotates: true, graceS: 8 * 3600 } }, [UNKNOWN, ok(1, LASTING)]);
  const answer = await bench.ask();
  // Five seconds to begin with it and 35 for it.
  expect(answer).toEqual({ ok: false, reason: 'later', retryAtMs: RECEIVED_AT + 40_000 });
  bench.clock.advance(40_000);
  expect(tokenOf(await bench.ask())).toBe('access-1');
  expect(bench.presented).toEqual(['refresh-0', 'refresh-0']);
});

test('T3: a grace that is over is over', async () => {
  const bench = await openBench({ refresh: { rotates: true, graceS: 600 } }, [UNKNOWN, ok(1, LASTING)]);
  await bench.ask();
  // It would have to arrive within the 600 s.
  bench.clock.advance(600_000 - 40_000);
  expect(await bench.ask()).toEqual(reconnect);
  expect(bench.presented).toHaveLength(1);
});

test('a token that does not rotate is presented again: nothing can have been lost', async () => {
  const bench = await openBench({ refresh: { rotates: false } }, [UNKNOWN, ok(1, LASTING)]);
  await bench.ask();
  bench.clock.advance(40_000);
  expect(tokenOf(await bench.ask())).toBe('access-1');
});

test('T4: while the vault takes nothing the successor is kept, nobody else gives the connection up, and it is saved as soon as it can be', async () => {
  const bench = await openBench({}, [ok(1, LASTING)]);
  let isAway = true;
  const vault = {
    ...bench.runtime.vault,
    replace: (...put: Parameters<typeof bench.runtime.vault.replace>) =>
      isAway ? Promise.reject(new Error('away')) : bench.runtime.vault.replace(...put),
  };
  const holder = bench.another({ vault });
  expect(await bench.ask({}, holder)).toMatchObject({ ok: false, reason: 'later' });
  bench.clock.advance(10 * 60_000);
  expect(await bench.ask({}, bench.another())).toMatchObject({ ok: false, reason: 'later' });
  expect(await bench.connection()).toMatchObject({ state: 'active' });
  isAway = false;
  expect(tokenOf(await bench.ask({}, holder))).toBe('access-1');
  expect(tokenOf(await bench.ask({}, bench.another()))).toBe('access-1');
  expect(bench.presented).toEqual(['refresh-0']);
});

test('T4: a connection that was given up for an answer another process still held comes back when that one is saved', async () => {
  const bench = await openBench({}, [ok(1, LASTING)]);
  let isAway = true;
  const vault = {
    ...bench.runtime.vault,
    replace: (...put: Parameters<typeof bench.runtime.vault.replace>) =>
      isAway ? Promise.reject(new Error('away')) : bench.runtime.vault.replace(...put),
  };
  const holder = bench.another({ vault });
  await bench.ask({}, holder);
  bench.clock.advance(21 * 60_000);
  expect(await bench.ask({}, bench.another())).toEqual(reconnect);
  isAway = false;
  expect(tokenOf(await bench.ask({}, holder))).toBe('access-1');
  expect(await bench.connection()).toMatchObject({ state: 'active', cause: null });
});

test('T7: invalid_grant for a token that somebody has replaced meanwhile ends nothing', async () => {
  const bench = await openBench({}, [
    async () => {
      await saveGrant(bench.runtime.vault, ID, issued(5, LASTING), { expect: 1 });
      return { ok: false, kind: 'refused', error: 'invalid_grant' };
    },
  ]);
  expect(tokenOf(await bench.ask())).toBe('access-5');
  expect(await bench.connection()).toMatchObject({ state: 'active' });
  expect(await bench.facts()).toEqual([]);
});

test('a reconnect at the moment a connection is given up wins', async () => {
  const bench = await openBench({}, [{ ok: false, kind: 'refused', error: 'invalid_grant' }]);
  const { state, vault } = bench.runtime;
  // The person grants anew between the refusal and the note of it.
  const racing = bench.another({
    state: {
      ...state,
      async put(kind, id, value, options) {
        if (kind === 'connection') await saveGrant(vault, ID, issued(9, LASTING), { expect: 1 });
        return state.put(kind, id, value, options);
      },
    },
  });
  expect(tokenOf(await bench.ask({}, racing))).toBe('access-9');
  expect(await bench.connection()).toMatchObject({ state: 'active', cause: null });
});

test('T18: a refused token is renewed once; the one that came for it is not renewed again within the hour', async () => {
  const bench = await openBench({ tokens: { expiresAt: LASTING } }, [ok(1, LASTING), ok(2, LASTING)]);
  expect(tokenOf(await bench.ask())).toBe('access-0');
  expect(await bench.ask({ refused: 1 })).toMatchObject({ ok: true, generation: 2 });
  // Whoever comes late with the same complaint has what it needs.
  expect(await bench.ask({ refused: 1 })).toMatchObject({ ok: true, generation: 2 });
  const again = await bench.ask({ refused: 2 });
  expect(again).toMatchObject({ ok: false, reason: 'later', retryAtMs: RECEIVED_AT + HOUR_MS });
  expect(bench.presented).toHaveLength(1);
  expect(await bench.connection()).toMatchObject({ state: 'active' });
  bench.clock.advance(HOUR_MS);
  expect(await bench.ask({ refused: 2 })).toMatchObject({ ok: true, generation: 3 });
});

test('T18: of twenty complaints about one token at once one call is made', async () => {
  const bench = await openBench({ tokens: { expiresAt: LASTING } }, [ok(1, LASTING), ok(2, LASTING)]);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => bench.ask(n % 2 === 0 ? {} : { refused: 1 })));
  expect(bench.presented).toHaveLength(1);
  for (const [n, answer] of answers.entries()) if (n % 2 === 1) expect(tokenOf(answer)).toBe('access-1');
});

test('without a refresh token the end of the access token, or a refusal of it, is the end', async () => {
  const expired = await openBench({ tokens: { refresh: null } }, []);
  expect(await expired.ask()).toEqual(reconnect);
  expect(await expired.connection()).toMatchObject({ cause: 'expired' });
  const refused = await openBench({ tokens: { refresh: null, expiresAt: null } }, []);
  expect(tokenOf(await refused.ask())).toBe('access-0');
  expect(await refused.ask({ refused: 1 })).toEqual(reconnect);
  expect(await refused.connection()).toMatchObject({ cause: 'unauthorised' });
});

test('T20: who disconnects while a token is renewed stays disconnected, and the new tokens are given back', async () => {
  const bench = await openBench({}, [
    async () => {
      await bench.runtime.state.put('connection', ID, { ...CONNECTION, state: 'disconnected', sequence: 2 });
      await dropGrant(bench.runtime.vault, ID);
      return ok(1, LASTING);
    },
  ]);
  expect(await bench.ask()).toEqual({ ok: false, reason: 'not_connected' });
  expect(await readGrant(bench.runtime.vault, ID)).toBeUndefined();
  expect(bench.revoked).toEqual(['access-1']);
  expect(await bench.facts()).toEqual([]);
});

test('T20: a grant saved between a disconnect and its cleaning up is cleaned up too', async () => {
  const bench = await openBench({}, [
    async () => {
      // The grant is dropped later than it is saved here.
      await bench.runtime.state.put('connection', ID, { ...CONNECTION, state: 'disconnected', sequence: 2 });
      return ok(1, LASTING);
    },
  ]);
  await bench.ask();
  expect(await readGrant(bench.runtime.vault, ID)).toBeUndefined();
  expect(bench.revoked).toEqual(['access-1']);
});

test('T2: who was stopped before the call does not make it after others may have given it up', async () => {
  const bench = await openBench({ refresh: { rotates: true, graceS: 8 * 3600 } }, [ok(1, LASTING), ok(2, LASTING)]);
  const { state } = bench.runtime;
  let isStopped = false;
  const slow = bench.another({
    state: {
      ...state,
      async put(kind, id, value, options) {
        const result = await state.put(kind, id, value, options);
        if (kind === 'refresh' && !isStopped) {
          isStopped = true;
          bench.clock.advance(41_000);
          // Another process takes it up meanwhile.
          expect(tokenOf(await bench.ask({}, bench.another()))).toBe('access-1');
        }
        return result;
      },
    },
  });
  expect(tokenOf(await bench.ask({}, slow))).toBe('access-1');
  expect(bench.presented).toEqual(['refresh-0']);
});

test('T14: no answer shows a token when it is printed', async () => {
  const bench = await openBench({}, [ok(1, LASTING)]);
  const answer = await bench.ask();
  expect(`${inspect(answer, { depth: 9 })}${JSON.stringify(answer)}`).not.toMatch(/access-|refresh-/);
  const kept = JSON.stringify(
    await Promise.all(['refresh', 'sealed', 'connection'].map((kind) => bench.runtime.state.list(kind))),
  );
  expect(kept).not.toMatch(/access-\d|refresh-\d/);
});

test('a connection that never was, is disconnected or has no grant is not connected', async () => {
  const bench = await openBench({}, []);
  await dropGrant(bench.runtime.vault, ID);
  expect(await bench.ask()).toEqual({ ok: false, reason: 'not_connected' });
  await bench.runtime.state.put('connection', ID, { ...CONNECTION, kind: 'link', sequence: 2 });
  expect(await bench.ask()).toEqual({ ok: false, reason: 'not_connected' });
  await bench.runtime.state.delete('connection', ID);
  expect(await bench.ask()).toEqual({ ok: false, reason: 'not_connected' });
});
