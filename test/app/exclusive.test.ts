import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exclusively, stayExclusive } from '../../app/exclusive.ts';
import type { Wait } from '../../app/lease.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { temporaryDirectory } from '../support/directory.ts';

test('a change waits for one that another process makes on the same file', async () => {
  const clock = createFixedClock(1_000_000);
  const file = join(temporaryDirectory(), 'state.db');
  const [mine, theirs] = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })];
  const order: string[] = [];
  const gate = new EventEmitter();
  const theirChange = exclusively({ state: theirs, clock }, async () => {
    order.push('theirs begins');
    await once(gate, 'open');
    order.push('theirs ends');
  });
  await new Promise(setImmediate);
  const myChange = exclusively({ state: mine, clock }, async () => order.push('mine'));
  await new Promise(setImmediate);
  gate.emit('open');
  await theirChange;
  clock.advance(50);
  await myChange;
  expect(order).toEqual(['theirs begins', 'theirs ends', 'mine']);
  await Promise.all([mine.close(), theirs.close()]);
});

test('a change that fails lets the next one through', async () => {
  const clock = createFixedClock(1_000_000);
  const state = createLibsqlState({ file: join(temporaryDirectory(), 'state.db'), clock });
  const failing = exclusively({ state, clock }, () => Promise.reject(new RangeError('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await exclusively({ state, clock }, async () => 'done')).toBe('done');
  await state.close();
});

test('a wait of a moment is silent, a longer one is told once, with who has it', async () => {
  const clock = createFixedClock(1_000_000);
  const file = join(temporaryDirectory(), 'state.db');
  const [mine, theirs] = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })];
  const held = await theirs.acquire('facts', { ttlMs: 30_000 });
  const waits: Wait[] = [];
  const change = exclusively({ state: mine, clock, onWait: (wait) => waits.push(wait) }, async () => 'done');
  const looks = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      await new Promise(setImmediate);
      clock.advance(50);
    }
  };
  await looks(19);
  expect(waits).toEqual([]);
  await looks(40);
  expect(waits).toEqual([{ lease: 'facts', holder: `process ${process.pid}` }]);
  if (held.ok) await held.lease.release();
  await looks(2);
  expect(await change).toBe('done');
  await Promise.all([mine.close(), theirs.close()]);
});

test('a change outside is a mistake, also after one that was none', async () => {
  const clock = createFixedClock(1_000_000);
  const state = createLibsqlState({ file: join(temporaryDirectory(), 'state.db'), clock });
  await expect(stayExclusive({ state })).rejects.toThrow(TypeError);
  await exclusively({ state, clock }, () => stayExclusive({ state }));
  await expect(stayExclusive({ state })).rejects.toThrow(TypeError);
  await state.close();
});

test('a change that says so keeps its lease for as long as it works', async () => {
  const clock = createFixedClock(1_000_000);
  const file = join(temporaryDirectory(), 'state.db');
  const [mine, theirs] = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })];
  await exclusively({ state: mine, clock }, async () => {
    clock.advance(29_999);
    await stayExclusive({ state: mine });
    // A minute less two milliseconds after it began.
    clock.advance(29_999);
    expect((await theirs.acquire('facts', { ttlMs: 1 })).ok).toBe(false);
  });
  await Promise.all([mine.close(), theirs.close()]);
});
