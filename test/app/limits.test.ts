import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Limited, pause, placesLeft, takePlace } from '../../app/limits.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import type { Limit } from '../../providers/kit/collect.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { RECEIVED_AT } from '../support/door.ts';

const toy = (...limits: Limit[]): Limited => ({ id: 'toy', collect: { limits } });
const app = (requests: number, windowS: number): Limit => ({ per: 'app', requests, windowS });
const each = (requests: number, windowS: number): Limit => ({ per: 'account', requests, windowS });

/** Two openings of one state file, as two processes have it, under one clock. */
function openTwo() {
  const clock = createFixedClock(RECEIVED_AT);
  const file = join(temporaryDirectory(), 'state.db');
  const states = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })] as const;
  onTestFinished(async () => {
    for (const state of states) await state.close();
  });
  const [one, other] = [
    { state: states[0], clock },
    { state: states[1], clock },
  ];
  return { clock, one, other };
}

/** Takes a place without waiting. */
const take = (runtime: ReturnType<typeof openTwo>['one'], provider: Limited, account = 'a_1') =>
  takePlace(runtime, provider, account, { maxWaitMs: 0 });

describe('the places of a provider', () => {
  it('are counted by everybody together, and the one too many hears when there is one again', async () => {
    const { one, other } = openTwo();
    const provider = toy(app(3, 60));
    expect(await placesLeft(one, provider, 'a_1')).toBe(3);
    for (const runtime of [one, other, one]) expect(await take(runtime, provider)).toEqual({ ok: true });
    // Slices of 60 s / 60: the requests of 07:00:00.123 are in the one that ends at 07:00:01 and counts 60 s longer.
    const retryAtMs = Date.UTC(2026, 10, 20, 7, 1, 1);
    expect(await take(other, provider, 'a_2')).toEqual({ ok: false, retryAtMs });
    expect(await placesLeft(other, provider, 'a_2')).toBe(0);
  });

  it('are waited for, and come back with the first request that lies behind the window', async () => {
    const { clock, one, other } = openTwo();
    const provider = toy(app(2, 60));
    await take(one, provider);
    clock.advance(30_000);
    await take(one, provider);
    const waiting = takePlace(other, provider, 'a_1');
    let done = false;
    void waiting.then(() => (done = true));
    clock.set(Date.UTC(2026, 10, 20, 7, 1, 0, 999));
    await new Promise(setImmediate);
    expect(done).toBe(false);
    clock.advance(1);
    expect(await waiting).toEqual({ ok: true });
    expect(await take(one, provider)).toMatchObject({ ok: false });
  });

  it('of one account are its own, and a full app uses none of them up', async () => {
    const { one } = openTwo();
    const provider = toy(each(2, 60), app(3, 60));
    for (const account of ['a_1', 'a_1', 'a_2']) expect(await take(one, provider, account)).toEqual({ ok: true });
    for (const account of ['a_1', 'a_2', 'a_3', 'a_3'])
      expect(await take(one, provider, account)).toMatchObject({ ok: false });
    const alone = toy(each(2, 60));
    expect([await placesLeft(one, alone, 'a_1'), await placesLeft(one, alone, 'a_2')]).toEqual([0, 1]);
    expect(await placesLeft(one, alone, 'a_3')).toBe(2);
  });

  it('are without number where the provider names no limit', async () => {
    const { one } = openTwo();
    for (const provider of [toy(), { id: 'toy' }]) {
      for (let i = 0; i < 50; i += 1) expect(await take(one, provider)).toEqual({ ok: true });
      expect(await placesLeft(one, provider, 'a_1')).toBeNull();
    }
  });

  it('are not waited for when the caller gives up', async () => {
    const { one } = openTwo();
    const giveUp = new AbortController();
    await take(one, toy(app(1, 60)));
    const waiting = takePlace(one, toy(app(1, 60)), 'a_1', { maxWaitMs: 120_000, signal: giveUp.signal });
    giveUp.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('are never more than the limit in any window, however many ask whenever, and never withheld for longer than one slice', async () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 40_000 }), fc.integer({ min: 1, max: 6 })), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (all, requests) => {
        const { clock, one, other } = openTwo();
        const provider = toy(app(requests, 60), app(requests * 3, 300), each(4, 90));
        const granted: { readonly atMs: number; readonly account: string }[] = [];
        for (const [advanceMs, askers] of all) {
          clock.advance(advanceMs);
          const atMs = clock.now();
          const places = await Promise.all(
            Array.from({ length: askers }, (_, i) => take(i % 2 ? other : one, provider, `a_${i % 3}`)),
          );
          places.forEach((place, i) => {
            if (place.ok) granted.push({ atMs, account: `a_${i % 3}` });
            else expect(place.retryAtMs).toSatisfy((ms: number) => ms > atMs && ms <= atMs + 300_000 + 5_000);
          });
        }
        const most = (windowMs: number, of = granted): number =>
          Math.max(
            0,
            ...of.map(({ atMs }) => of.filter((place) => place.atMs > atMs - windowMs && place.atMs <= atMs).length),
          );
        expect(most(60_000)).toBeLessThanOrEqual(requests);
        expect(most(300_000)).toBeLessThanOrEqual(requests * 3);
        for (const account of ['a_0', 'a_1', 'a_2']) {
          expect(
            most(
              90_000,
              granted.filter((place) => place.account === account),
            ),
          ).toBeLessThanOrEqual(4);
        }
        clock.advance(300_000 + 5_000);
        expect(await placesLeft(one, provider, 'a_0')).toBe(Math.min(requests, 4));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a provider that says there were too many', () => {
  it.each([
    ['30', 30],
    [' 30 ', 30],
    ['0', 1],
    ['-5', 1],
    ['0.2', 1],
    ['999999999999', 3600],
    ['Fri, 20 Nov 2026 07:02:00 GMT', 119.877],
    ['Fri, 20 Nov 2026 06:00:00 GMT', 1],
    ['Fri, 20 Nov 2099 06:00:00 GMT', 3600],
    ['Fri, 40 Nov 2026 07:02:00 GMT', 60],
    ['soon', 60],
    ['', 60],
    ['1e9', 60],
    ['NaN', 60],
    ['2026', 2026],
    [undefined, 60],
  ])('is left alone for the time it asks for, within bounds: %j is %d s', async (retryAfter, seconds) => {
    const { clock, one, other } = openTwo();
    const provider = toy(app(100, 60));
    const untilMs = await pause(one, provider, 'a_1', retryAfter);
    expect(untilMs).toBe(RECEIVED_AT + seconds * 1000);
    expect(await take(other, provider, 'a_2')).toEqual({ ok: false, retryAtMs: untilMs });
    expect(await placesLeft(other, provider, 'a_2')).toBe(0);
    clock.set(untilMs);
    expect(await take(other, provider, 'a_2')).toEqual({ ok: true });
  });

  it('is not asked sooner because somebody else heard a shorter time', async () => {
    const { one, other } = openTwo();
    const untilMs = await pause(one, toy(), 'a_1', '600');
    expect(await pause(other, toy(), 'a_1', '5')).toBe(untilMs);
  });

  it('counts what was asked before the pause', async () => {
    const { clock, one } = openTwo();
    const provider = toy(app(2, 3600));
    await take(one, provider);
    await pause(one, provider, 'a_1', '5');
    clock.advance(5000);
    expect(await placesLeft(one, provider, 'a_1')).toBe(1);
  });

  it('makes only the one account wait where it counts by account alone', async () => {
    const { one } = openTwo();
    await pause(one, toy(each(10, 60)), 'a_1', '30');
    expect(await take(one, toy(each(10, 60)), 'a_1')).toMatchObject({ ok: false });
    expect(await take(one, toy(each(10, 60)), 'a_2')).toEqual({ ok: true });
  });
});
