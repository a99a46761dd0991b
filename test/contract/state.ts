import { describe, expect, test } from 'vitest';
import { createFixedClock, type FixedClock } from '../../ports/clock/fixed.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Lease, State } from '../../ports/state/state.ts';

type MakeState = (clock: Clock) => State | Promise<State>;

async function held(state: State, name = 'batch', ttlMs = 1000): Promise<Lease> {
  const result = await state.acquire(name, { ttlMs });
  if (!result.ok) throw new Error(`The lease is held by ${result.holder}.`);
  return result.lease;
}

function failToRename(): void {
  throw new Error('no rename');
}

/** What every driver of the state port must do. */
export function stateContract(name: string, makeState: MakeState, additional?: () => void): void {
  const open = async (): Promise<{ state: State; clock: FixedClock }> => {
    const clock = createFixedClock(1_000_000);
    return { state: await makeState(clock), clock };
  };

  describe(`state: ${name}: records`, () => {
    test('a record comes back as the JSON it was, with version 1, then 2', async () => {
      const { state } = await open();
      const value = { name: 'Zoë "x"', n: 1.5, list: [null, true], 'odd key': '\u2028' };
      expect(await state.put('user', 'u_1', value)).toEqual({ ok: true, version: 1 });
      expect(await state.get('user', 'u_1')).toEqual({ id: 'u_1', value, version: 1 });
      expect(await state.put('user', 'u_1', 'text')).toEqual({ ok: true, version: 2 });
      expect(await state.get('user', 'u_1')).toEqual({ id: 'u_1', value: 'text', version: 2 });
    });

    test('a record nobody put is undefined, and kinds do not mix', async () => {
      const { state } = await open();
      await state.put('user', 'x', 1);
      expect(await state.get('user', 'y')).toBeUndefined();
      expect(await state.get('session', 'x')).toBeUndefined();
      expect(await state.list('session')).toEqual([]);
    });

    test('a write that expects another version is a conflict and changes nothing', async () => {
      const { state } = await open();
      expect(await state.put('user', 'x', 'a', { expect: 1 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.put('user', 'x', 'a', { expect: 0 })).toEqual({ ok: true, version: 1 });
      expect(await state.put('user', 'x', 'b', { expect: 0 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.put('user', 'x', 'b', { expect: 2 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.get('user', 'x')).toMatchObject({ value: 'a', version: 1 });
      expect(await state.put('user', 'x', 'b', { expect: 1 })).toEqual({ ok: true, version: 2 });
    });

    test('of 20 writers that have seen the same version one wins', async () => {
      const { state } = await open();
      await state.put('user', 'x', 0);
      const writes = Array.from({ length: 20 }, (_, writer) => state.put('user', 'x', writer, { expect: 1 }));
      expect((await Promise.all(writes)).filter((result) => result.ok)).toHaveLength(1);
    });

    test('records are listed in ascending order of id, by exact prefix', async () => {
      const { state } = await open();
      for (const id of ['b', 'a_2', 'A', 'a%', 'a', 'a_1', 'ä']) await state.put('k', id, id);
      const ids = async (prefix?: string): Promise<string[]> => (await state.list('k', prefix)).map(({ id }) => id);
      // By byte: 'A' 41, 'a' 61, 'b' 62, 'ä' c3 a4; within 'a…': '%' 25 before '_' 5f.
      expect(await ids()).toEqual(['A', 'a', 'a%', 'a_1', 'a_2', 'b', 'ä']);
      expect(await ids('a_')).toEqual(['a_1', 'a_2']);
      expect(await ids('a%')).toEqual(['a%']);
    });

    test('a record past its time is never read again, and a new one may take its place', async () => {
      const { state, clock } = await open();
      await state.put('session', 's', 1, { expiresAt: clock.now() + 1000 });
      clock.advance(999);
      expect(await state.get('session', 's')).toBeDefined();
      clock.advance(1);
      expect(await state.get('session', 's')).toBeUndefined();
      expect(await state.list('session')).toEqual([]);
      expect(await state.put('session', 's', 2, { expect: 1 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.delete('session', 's', { expect: 1 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.put('session', 's', 2, { expect: 0 })).toEqual({ ok: true, version: 1 });
    });

    test('records past their time can be dropped for good, and nothing else goes with them', async () => {
      const { state, clock } = await open();
      await state.put('session', 'over', 1, { expiresAt: clock.now() + 1000 });
      await state.put('session', 'open', 2, { expiresAt: clock.now() + 1001 });
      await state.put('session', 'for good', 3);
      clock.advance(1000);
      expect(await state.dropExpired()).toBe(1);
      expect((await state.everything()).map(({ id }) => id)).toEqual(['for good', 'open']);
      expect(await state.dropExpired()).toBe(0);
    });

    test('a write without a time makes the record stay', async () => {
      const { state, clock } = await open();
      await state.put('session', 's', 1, { expiresAt: clock.now() + 1000 });
      await state.put('session', 's', 2);
      clock.advance(5000);
      expect(await state.get('session', 's')).toMatchObject({ value: 2 });
    });

    test('a deleted record is gone; deleting asks for the version when told to', async () => {
      const { state } = await open();
      await state.put('user', 'x', 1);
      expect(await state.delete('user', 'x', { expect: 2 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await state.get('user', 'x')).toBeDefined();
      expect(await state.delete('user', 'x', { expect: 1 })).toMatchObject({ ok: true });
      expect(await state.get('user', 'x')).toBeUndefined();
      expect(await state.delete('user', 'x')).toMatchObject({ ok: true });
    });

    test('what is not JSON is refused', async () => {
      const { state } = await open();
      await expect(state.put('user', 'x', undefined)).rejects.toMatchObject({ code: 'invalid_value' });
    });

    test('a counter counts from 1, each name on its own, and never answers a number twice', async () => {
      const { state } = await open();
      const numbers = await Promise.all(Array.from({ length: 10 }, () => state.next('fact')));
      expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await state.next('other')).toBe(1);
    });
  });

  describe(`state: ${name}: leases`, () => {
    test('a held lease is refused to others, also in the same process, naming its holder', async () => {
      const { state } = await open();
      await held(state);
      expect(await state.acquire('batch', { ttlMs: 1000 })).toEqual({ ok: false, holder: expect.stringMatching(/./) });
      expect(await state.acquire('another', { ttlMs: 1000 })).toMatchObject({ ok: true });
    });

    test('of ten who ask at once one gets it', async () => {
      const { state } = await open();
      const results = await Promise.all(Array.from({ length: 10 }, () => state.acquire('batch', { ttlMs: 1000 })));
      expect(results.filter((result) => result.ok)).toHaveLength(1);
    });

    test('every new holder has a greater fence, after a release as after an expiry', async () => {
      const { state, clock } = await open();
      const first = await held(state);
      await first.release();
      const second = await held(state);
      clock.advance(1000);
      const third = await held(state);
      expect(second.fence).toBeGreaterThan(first.fence);
      expect(third.fence).toBeGreaterThan(second.fence);
    });

    test('renewing extends it from now', async () => {
      const { state, clock } = await open();
      const lease = await held(state);
      clock.advance(900);
      expect(await lease.renew()).toBe(true);
      clock.advance(900);
      expect((await state.acquire('batch', { ttlMs: 1 })).ok).toBe(false);
      clock.advance(100);
      expect((await state.acquire('batch', { ttlMs: 1 })).ok).toBe(true);
    });

    test('the holder may change things, in the transaction that checks it', async () => {
      const { state } = await open();
      let changes = 0;
      expect(await state.whileHeld(await held(state), () => void (changes += 1))).toBe(true);
      expect(changes).toBe(1);
    });

    test('who lost it to another changes nothing, cannot renew it, and does not free it', async () => {
      const { state, clock } = await open();
      const lost = await held(state);
      clock.advance(1000);
      const taken = await held(state);
      expect(await state.whileHeld(lost, () => expect.unreachable('The change ran.'))).toBe(false);
      expect(await lost.renew()).toBe(false);
      await lost.release();
      expect((await state.acquire('batch', { ttlMs: 1000 })).ok).toBe(false);
      expect(await state.whileHeld(taken, () => undefined)).toBe(true);
    });

    test('who released it changes nothing and cannot renew it', async () => {
      const { state } = await open();
      const lease = await held(state);
      await lease.release();
      await lease.release();
      expect(await state.whileHeld(lease, () => expect.unreachable('The change ran.'))).toBe(false);
      expect(await lease.renew()).toBe(false);
    });

    test('a change that throws leaves the lease usable', async () => {
      const { state } = await open();
      const lease = await held(state);
      await expect(state.whileHeld(lease, failToRename)).rejects.toThrow('no rename');
      expect(await state.whileHeld(lease, () => undefined)).toBe(true);
      expect(await state.put('user', 'x', 1)).toMatchObject({ ok: true });
    });
  });

  describe(`state: ${name}: all that is kept`, () => {
    test('everything is every record of every kind, expired ones too', async () => {
      const { state, clock } = await open();
      await state.put('user', 'u_1', { name: 'Zoë' });
      await state.put('session', 's', 1, { expiresAt: clock.now() + 1 });
      clock.advance(10);
      expect(await state.everything()).toEqual([
        { kind: 'session', id: 's', value: 1 },
        { kind: 'user', id: 'u_1', value: { name: 'Zoë' } },
      ]);
      await state.delete('session', 's');
      expect((await state.everything()).map(({ kind }) => kind)).toEqual(['user']);
    });

    test('scrubbing drops the named leases nobody holds, and nothing else', async () => {
      const { state } = await open();
      await state.put('user', 'x', 1);
      const gone = await held(state, 'collect/c_gone');
      await gone.release();
      const kept = await held(state, 'collect/c_kept');
      const other = await held(state, 'collect/c_other');
      await other.release();
      await state.scrub(['c_gone', 'c_kept']);
      expect(await state.whileHeld(kept, () => undefined)).toBe(true);
      // The fence of a lease that was dropped begins again; that of the other one goes on.
      expect([(await held(state, 'collect/c_gone')).fence, (await held(state, 'collect/c_other')).fence]).toEqual([
        1, 2,
      ]);
      expect(await state.get('user', 'x')).toMatchObject({ value: 1 });
    });
  });

  describe(`state: ${name}: its own`, () => additional?.());
}
