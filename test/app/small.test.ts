import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tellTooLarge, transformSmall } from '../../app/small.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import type { SmallEngine } from '../../ports/engine/small/small.ts';
import { PortError } from '../../ports/errors.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { temporaryDirectory } from '../support/directory.ts';

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

test('a second run ends at once while one is under way, and the next one runs', async () => {
  const second: unknown[] = [];
  const runtime = open(async ({ isHeld }) => {
    second.push(await transformSmall(runtime));
    expect(await isHeld()).toBe(true);
    return undefined;
  });
  expect(await transformSmall(runtime)).toMatchObject({ outcome: 'idle', batch_id: null });
  expect(second).toEqual([expect.objectContaining({ outcome: 'running', objects: 0 })]);
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
