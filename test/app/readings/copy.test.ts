import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyBatches } from '../../../app/readings/copy.ts';
import { measurePublication } from '../../../app/measure.ts';
import type { RunRecord } from '../../../ports/engine/run.ts';
import type { ReadingsChange, ReadingsStore, ReadingsTable } from '../../../ports/readings/readings.ts';
import { openDesk } from '../../support/desk.ts';
import { rawKey, sha256Hex } from '../../../app/keys.ts';

type Changes = readonly ReadingsChange[];

/** A cell of the copy by its grain; the value says which batch it is of. */
const row = (metric: string, value: number): ReadingsChange => ({
  row: { user_id: 'u_anna', local_date: '2026-11-20', metric, value },
});
const gone = (metric: string): ReadingsChange => ({ gone: { user_id: 'u_anna', local_date: '2026-11-20', metric } });

const grainOf = (change: ReadingsChange): string => {
  const cells = 'row' in change ? change.row : change.gone;
  return `${String(cells['local_date'])}/${String(cells['metric'])}`;
};

const moment = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A copy in memory that breaks off after some changes when told to, and takes so many moments over each. */
function openStore(pauses: readonly number[] = []) {
  const cells = new Map<string, unknown>();
  const written: number[] = [];
  let breaksAfter = Infinity;
  let at = -1;
  const store: ReadingsStore = {
    tables: ['daily_metrics', 'readiness_daily'],
    daily: async () => [],
    sleep: async () => [],
    workouts: async () => [],
    meals: async () => [],
    scores: async () => [],
    baselines: async () => [],
    anomalies: async () => [],
    readiness: async () => [],
    async apply(_table, changes) {
      for (const change of changes) {
        breaksAfter -= 1;
        if (breaksAfter < 0) {
          // Once: whoever else is at it goes on.
          breaksAfter = Infinity;
          throw new Error('the store broke off');
        }
        // Another caller may come between two changes, and do much in the meantime.
        for (let left = pauses[(at += 1) % pauses.length] ?? 0; left > 0; left -= 1) await moment();
        if ('row' in change) cells.set(grainOf(change), change.row['value']);
        else cells.delete(grainOf(change));
        written.push('row' in change ? Number(change.row['value']) : 0);
      }
    },
    remove: async () => 0,
  };
  return { store, cells, written, breakAfter: (n: number) => (breaksAfter = n) };
}

const idOf = (at: number): string => `b_${String(at + 1).padStart(3, '0')}`;

/** Finished batches `b_001`, `b_002`, … that appear one by one, each with its changes of `daily_metrics`. */
function openRuns(batches: readonly Changes[], taken: Readonly<Record<string, readonly string[]>> = {}) {
  let finished = 0;
  const record = (at: number): RunRecord => ({
    schema: 1,
    batch_id: idOf(at),
    started_at: '2026-11-20T06:00:00.000Z',
    finished_at: '2026-11-20T06:03:20.000Z',
    objects: 1,
    observations: 1,
    quarantined: 0,
    days: 1,
    users: ['u_anna'],
    tables: { daily_metrics: batches[at]?.length ?? 0 },
  });
  const runs = {
    async *since(after = '') {
      for (let at = 0; at < finished; at += 1) if (idOf(at) > after) yield record(at);
    },
    taken: async (id: string) => (taken[id] ?? []).map((key) => ({ key, intake: 'read' as const })),
    async *changes(id: string, table: ReadingsTable) {
      if (table === 'daily_metrics') yield* batches[Number(id.slice(2)) - 1] ?? [];
    },
  };
  return { runs, finish: (n = 1) => void (finished = Math.min(batches.length, finished + n)) };
}

function openCopy(batches: readonly Changes[], pauses: readonly number[] = []) {
  const desk = openDesk();
  const { store, ...told } = openStore(pauses);
  const { runs, finish } = openRuns(batches);
  return { runtime: { ...desk.runtime, copy: { runs, readings: store } }, clock: desk.clock, finish, ...told };
}

/** What all batches in order come to. */
function expected(batches: readonly Changes[]): ReadonlyMap<string, unknown> {
  const cells = new Map<string, unknown>();
  for (const change of batches.flat()) {
    if ('row' in change) cells.set(grainOf(change), change.row['value']);
    else cells.delete(grainOf(change));
  }
  return cells;
}

describe('readings that are a copy', () => {
  test('hold what a batch changed, once, however often its event comes', async () => {
    const { runtime, cells, written, finish } = openCopy([[row('steps', 1), row('sleep', 2)]]);
    finish();
    expect(await applyBatches(runtime)).toBe(1);
    expect(await applyBatches(runtime)).toBe(0);
    expect([...cells.values()]).toEqual([1, 2]);
    expect(written).toHaveLength(2);
  });

  test('catch up with batches whose events were lost, the oldest first', async () => {
    const { runtime, written, cells, finish } = openCopy([
      [row('steps', 1)],
      [gone('steps'), row('sleep', 2)],
      [row('sleep', 3)],
    ]);
    finish(3);
    expect(await applyBatches(runtime)).toBe(3);
    expect(written).toEqual([1, 0, 2, 3]);
    expect([...cells]).toEqual([['2026-11-20/sleep', 3]]);
  });

  test('apply a batch again that was broken off, and none that is whole', async () => {
    const { runtime, written, cells, finish, breakAfter } = openCopy([
      [row('steps', 1)],
      [row('steps', 2), row('sleep', 3)],
    ]);
    finish(2);
    breakAfter(2);
    await expect(applyBatches(runtime)).rejects.toThrow('broke off');
    breakAfter(Infinity);
    expect(await applyBatches(runtime)).toBe(1);
    expect(written).toEqual([1, 2, 2, 3]);
    expect([...cells.values()]).toEqual([2, 3]);
  });

  test('wait a minute for whoever holds the lease, and are brought up by the next who comes', async () => {
    const { runtime, clock, written, finish } = openCopy([[row('steps', 1)]]);
    finish();
    const held = await runtime.state.acquire('batch', { ttlMs: 900_000 });
    const began = clock.now();
    const waits = { ...runtime, clock: { ...runtime.clock, sleep: async (ms: number) => clock.advance(ms) } };
    expect(await applyBatches(waits)).toBe(0);
    expect([clock.now() - began, written]).toEqual([60_000, []]);
    if (held.ok) await held.lease.release();
    expect(await applyBatches(waits)).toBe(1);
  });

  test('are not written any more by whoever lost the lease', async () => {
    const { runtime, written, finish } = openCopy([[row('steps', 1)]]);
    finish();
    const lease = { name: 'batch', fence: 1, renew: () => Promise.resolve(false), release: () => Promise.resolve() };
    const state = { ...runtime.state, acquire: async () => ({ ok: true as const, lease }) };
    await expect(applyBatches({ ...runtime, state })).rejects.toMatchObject({ code: 'lease_lost' });
    expect(written).toEqual([]);
  });

  test('in any mix of lost, doubled, late and simultaneous events and broken writes hold what the batches say in order', async () => {
    const change = fc.oneof(
      fc
        .tuple(fc.constantFrom('steps', 'sleep', 'weight'), fc.integer({ min: 1, max: 99 }))
        .map(([metric, value]) => row(metric, value)),
      fc.constantFrom('steps', 'sleep', 'weight').map(gone),
    );
    const step = fc.oneof(
      fc.constant({ kind: 'finish' as const }),
      fc.record({ kind: fc.constant('events' as const), atOnce: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        kind: fc.constant('broken' as const),
        after: fc.integer({ min: 0, max: 9 }),
        atOnce: fc.integer({ min: 1, max: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 }),
        fc.array(step, { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }),
        async (batches, steps, pauses) => {
          const { runtime, cells, finish, breakAfter } = openCopy(batches, pauses);
          // Whoever waits for the lease looks again after a moment of the clock.
          const hurried = {
            ...runtime,
            clock: { ...runtime.clock, sleep: moment },
          };
          for (const one of steps) {
            if (one.kind === 'finish') finish();
            else if (one.kind === 'events')
              await Promise.all(Array.from({ length: one.atOnce }, () => applyBatches(hurried)));
            else {
              breakAfter(one.after);
              await Promise.allSettled(Array.from({ length: one.atOnce }, () => applyBatches(hurried)));
              breakAfter(Infinity);
            }
          }
          finish(batches.length);
          await applyBatches(hurried);
          expect(cells).toEqual(expected(batches));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test('of nobody are brought up to anything', async () => {
    expect(await applyBatches(openDesk().runtime)).toBe(0);
  });
});

describe('how long publication took', () => {
  test('is measured once a batch, from its beginning and from the writing of its slowest object to its end', async () => {
    const desk = openDesk();
    const endMs = Date.parse('2026-11-20T06:03:20.000Z');
    const keys = ['one', 'two'].map((name) =>
      rawKey({
        receivedAt: endMs,
        provider: 'toy',
        account: 'a_anna',
        resource: 'steps',
        sha256: sha256Hex(name),
        notice: false,
      }),
    );
    const storedAt = [endMs - 30_000, endMs - 400_000];
    const objects = {
      ...desk.runtime.objects,
      async *list() {
        for (const [at, key] of keys.entries()) yield { key, bytes: 1, storedAt: storedAt[at] ?? 0 };
      },
    };
    const { runs, finish } = openRuns([[]], { b_001: keys });
    const measured: (readonly [string, number])[] = [];
    const measure = (name: string, value: number) => void measured.push([name, value]);
    const runtime = { ...desk.runtime, objects, measure, copy: { runs, readings: openStore().store } };
    expect(await measurePublication(runtime)).toBe(0);
    finish();
    await measurePublication(runtime);
    await measurePublication(runtime);
    // From 06:00:00 to 06:03:20.
    const told = [
      ['BatchSeconds', 200],
      ['PublicationSeconds', 400],
    ];
    expect(measured).toEqual(told);
  });
});
