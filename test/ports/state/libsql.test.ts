import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';
import { startChild, type Child } from '../../support/child.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const HOUR_MS = 3_600_000;
const child = new URL('lease.child.ts', import.meta.url);

async function startHolder(file: string): Promise<Child> {
  const holder = startChild(child, [file]);
  expect(await holder.line()).toBe('"open"');
  return holder;
}

async function ask(holder: Child, line: string): Promise<unknown> {
  holder.tell(line);
  return JSON.parse((await holder.line()) ?? 'null');
}

function openState(file: string) {
  const state = createLibsqlState({ file, clock: createSystemClock() });
  onTestFinished(() => state.close());
  return state;
}

describe('several processes on one file', () => {
  test('a lease held by a living process is refused to another, which is told its process id', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const mine = await openState(file).acquire('batch', { ttlMs: HOUR_MS });
    expect(mine.ok).toBe(true);
    const other = await startHolder(file);
    expect(await ask(other, `acquire ${HOUR_MS}`)).toEqual({ ok: false, holder: `process ${process.pid}` });
  });

  test('a killed holder loses the lease at once, however long it had asked for', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const holder = await startHolder(file);
    expect(await ask(holder, `acquire ${HOUR_MS}`)).toEqual({ ok: true, fence: 1 });
    const state = openState(file);
    expect((await state.acquire('batch', { ttlMs: HOUR_MS })).ok).toBe(false);
    await holder.kill();
    expect(await state.acquire('batch', { ttlMs: HOUR_MS })).toMatchObject({ ok: true, lease: { fence: 2 } });
  });

  test('a holder that was overtaken by another process changes nothing', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const state = openState(file);
    const mine = await state.acquire('batch', { ttlMs: 0 });
    if (!mine.ok) throw new Error('The lease is free.');
    const other = await startHolder(file);
    expect(await ask(other, `acquire ${HOUR_MS}`)).toEqual({ ok: true, fence: 2 });
    expect(await state.whileHeld(mine.lease, () => expect.unreachable('The change ran.'))).toBe(false);
    expect(await mine.lease.renew()).toBe(false);
  });

  test('a process killed inside a transaction leaves a file that works at once', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const state = openState(file);
    const victim = await startHolder(file);
    victim.tell('die');
    expect(await victim.ended()).toBe('SIGKILL');
    expect(await state.acquire('fatal', { ttlMs: HOUR_MS })).toMatchObject({ ok: true, lease: { fence: 2 } });
    expect(await state.put('user', 'x', 1)).toMatchObject({ ok: true });
  });

  test('four first starts at once make one database, and share one counter without a gap or a double', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const children = await Promise.all(Array.from({ length: 4 }, () => startHolder(file)));
    const numbers = (await Promise.all(children.map((one) => ask(one, 'count 25')))).flat();
    const sorted = numbers.map(Number).toSorted((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('four processes that compare and swap one record lose no addition', async () => {
    const file = join(temporaryDirectory(), 'state.db');
    const children = await Promise.all(Array.from({ length: 4 }, () => startHolder(file)));
    await Promise.all(children.map((one) => ask(one, 'add 20')));
    expect(await openState(file).get('sum', 'x')).toEqual({ id: 'x', value: 80, version: 80 });
  });
});
