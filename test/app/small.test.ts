import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tellTooLarge, transformSmall } from '../../app/small.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import type { SmallEngine } from '../../ports/engine/small/small.ts';
import { PortError } from '../../ports/errors.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { createGate } from '../support/gate.ts';

const record = {
  schema: 1,
  batch_id: 'b_20261121t120000z_abcdef',
  started_at: '2026-11-21T12:00:00.000Z',
  finished_at: '2026-11-21T12:00:05.000Z',
  objects: 2,
  observations: 3,
  quarantined: 0,
  days: 1,
  users: ['u_anna'],
  tables: { daily_metrics: 3 },
} as const;

/** State of a stack, and an engine that does what a test says. */
function open(run: SmallEngine['run'], compare: SmallEngine['compare'] = () => Promise.reject(new Error('not asked'))) {
  const clock = createFixedClock(Date.parse('2026-11-21T12:00:00Z'));
  const state = createLibsqlState({ file: path.join(temporaryDirectory(), 'state.db'), clock });
  onTestFinished(() => state.close());
  return { clock, state, small: { run, compare } };
}

test('a run answers counts, and names nobody', async () => {
  const runtime = open(async () => ({ ...record, users: [...record.users] }));
  const { batch_id, objects, observations, quarantined, days, tables } = record;
  const counts = { batch_id, objects, observations, quarantined, days, tables };
  expect(await transformSmall(runtime)).toEqual({ outcome: 'published', ...counts });
  expect(JSON.stringify(await transformSmall(runtime))).not.toContain('u_anna');
});

/** The engine at work until it is told to end, a second run called meanwhile, and a clock that moves when that one waits. */
async function openTwo() {
  const ran: string[] = [];
  const gate = createGate();
  const runtime = open(async () => {
    ran.push('began');
    if (ran.length === 1) await gate.passed;
    ran.push('ended');
    return { ...record, users: [] };
  });
  const { clock } = runtime;
  const began = clock.now();
  const first = transformSmall(runtime);
  await expect.poll(() => ran).toEqual(['began']);
  /** `meanwhile` is asked after each wait with how long the second run has waited, ms. */
  const second = (meanwhile: (waitedMs: number) => Promise<void>) => {
    const sleep = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await meanwhile(clock.now() - began);
    };
    return transformSmall({ ...runtime, clock: { ...clock, sleep } });
  };
  const endFirst = async (): Promise<void> => {
    gate.open();
    await first;
  };
  return { runtime, ran, second, endFirst, waitedMs: () => clock.now() - began };
}

test('a run that starts while another is under way waits for its end, and does its own work', async () => {
  const { ran, second, endFirst, waitedMs } = await openTwo();
  const done = await second(async (waited) => {
    if (waited < 59_000) expect(ran).toEqual(['began']);
    else await endFirst();
  });
  expect(done).toMatchObject({ outcome: 'published', objects: record.objects });
  expect(ran).toEqual(['began', 'ended', 'began', 'ended']);
  expect(waitedMs()).toBe(59_000);
});

test('a run waits a minute for the one that is under way and no longer, says so and fails nobody, and the next one does its work', async () => {
  const { runtime, ran, second, endFirst, waitedMs } = await openTwo();
  expect(await second(() => Promise.resolve())).toMatchObject({ outcome: 'running', batch_id: null, objects: 0 });
  expect([ran, waitedMs()]).toEqual([['began'], 60_000]);
  await endFirst();
  expect(await transformSmall(runtime)).toMatchObject({ outcome: 'published' });
});

test('a run whose lease somebody took is told so', async () => {
  const held: boolean[] = [];
  const runtime = open(async ({ isHeld }) => {
    runtime.clock.advance(16 * 60_000);
    await runtime.state.acquire('batch', { ttlMs: 1000 });
    held.push(await isHeld());
    return undefined;
  });
  await transformSmall(runtime);
  expect(held).toEqual([false]);
});

test('what was too large is told with its key by every round, until a run succeeds or none runs any more', async () => {
  let isLarge = true;
  const runtime = open(async () => {
    if (isLarge) throw new PortError('too_large_for_small', 'too much');
    return undefined;
  });
  await tellTooLarge(runtime);
  await expect(transformSmall(runtime)).rejects.toMatchObject({ code: 'too_large_for_small' });
  await expect(tellTooLarge(runtime)).rejects.toMatchObject({
    code: 'too_large_for_small',
    remedy: expect.stringContaining('pulumi config set engine spark'),
  });
  runtime.clock.advance(3 * 3_600_000);
  await tellTooLarge(runtime);
  await expect(transformSmall(runtime)).rejects.toMatchObject({ code: 'too_large_for_small' });
  isLarge = false;
  await transformSmall(runtime);
  await tellTooLarge(runtime);
});

test('a rebuild is asked of the engine, and what one would change is answered by kind, table and rows', async () => {
  const asked: unknown[] = [];
  const tables = { meals: { added: 2, changed: 0, removed: 1 }, workouts: { added: 0, changed: 3, removed: 0 } };
  const runtime = open(
    async ({ anew }) => void asked.push(anew),
    async () => ({ batch_id: 'b_1', objects: 9, tables }),
  );
  await transformSmall(runtime);
  await transformSmall(runtime, { rebuild: 'apply' });
  expect(asked).toEqual([false, true]);
  expect(await transformSmall(runtime, { rebuild: 'dry-run' })).toEqual({
    outcome: 'compared',
    batch_id: 'b_1',
    objects: 9,
    added: { meals: 2 },
    changed: { workouts: 3 },
    removed: { meals: 1 },
  });
});
