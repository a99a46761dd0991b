import { expect, test } from 'vitest';
import type { Clock } from '../../../ports/clock/clock.ts';
import type { RunState, WorkflowRuns } from '../../../ports/engine/glue-runs.ts';
import { LONGEST_MS, rebuildStack } from '../../../local/stack/rebuild.ts';

/** A clock on which waiting takes no time. */
function hurried(): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
}

const isActive = { isActive: true, failed: 0, properties: {} };
const ended = (properties: RunState['properties'], failed = 0) => ({ isActive: false, failed, properties });

const unused = () => Promise.reject(new Error('A rebuild from here writes nothing.'));

/** A workflow that is busy so many times before it starts, and whose run then looks like this, the last look for good. */
function open(looks: readonly RunState[], busy = 0, files: Readonly<Record<string, string>> = {}) {
  const begun: Readonly<Record<string, string>>[] = [];
  const said: string[] = [];
  let [times, looked] = [0, 0];
  const runs: WorkflowRuns = {
    async begin(properties) {
      times += 1;
      if (times <= busy) return undefined;
      begun.push(properties);
      return 'wr_1';
    },
    async look() {
      looked += 1;
      return looks[Math.min(looked, looks.length) - 1] ?? isActive;
    },
  };
  const place = {
    list: async (prefix: string) => Object.keys(files).filter((key) => key.startsWith(prefix)),
    read: async (key: string) => files[key],
    write: unused,
    remove: unused,
    fetch: unused,
    send: unused,
  };
  const { signal } = new AbortController();
  const parts = { runs, place, clock: hurried(), longestMs: LONGEST_MS.small, signal };
  return { begun, said, parts: { ...parts, say: (line: string) => void said.push(line) } };
}

test('a dry run is asked of the workflow, and its counts and cells are read when it has ended', async () => {
  const key = { user_id: 'u_anna', local_date: '2026-11-17', metric: 'steps' };
  const cell = { ...key, column: 'value', before: 1, after: 1700 };
  const lines = `${JSON.stringify({ row: cell })}\n`;
  const { begun, said, parts } = open(
    [
      isActive,
      ended({
        rebuild: 'dry-run',
        small_outcome: 'compared',
        small_batch_id: 'b_1',
        small_objects: '5',
        small_added_meals: '2',
        small_changed_daily_metrics: '1',
        small_removed_daily_metrics: '3',
      }),
    ],
    0,
    { 'runs/b_1/changed/daily_metrics.ndjson': lines, 'runs/b_2/changed/meals.ndjson': lines },
  );
  expect(await rebuildStack('dry-run', parts)).toEqual({
    objects: 5,
    tables: { daily_metrics: { added: 0, changed: 1, removed: 3 }, meals: { added: 2, changed: 0, removed: 0 } },
    changes: [{ table: 'daily_metrics', ...cell }],
  });
  expect([begun, said]).toEqual([[{ rebuild: 'dry-run' }], []]);
});

test('a rebuild waits for the run that is under way, says so once, and tells what it changed', async () => {
  const done = {
    small_outcome: 'published',
    small_batch_id: 'b_1',
    small_objects: '5',
    small_tables_daily_metrics: '3',
  };
  const { begun, said, parts } = open([ended({ rebuild: 'apply', ...done })], 3);
  expect(await rebuildStack('apply', parts)).toEqual({ batch_id: 'b_1', objects: 5, tables: { daily_metrics: 3 } });
  expect(begun).toEqual([{ rebuild: 'apply' }]);
  expect(said).toEqual([expect.stringContaining('under way')]);
});

test('a rebuild that changed nothing says so', async () => {
  const { parts } = open([ended({ small_outcome: 'idle', small_objects: '0' })]);
  expect(await rebuildStack('apply', parts)).toEqual({ batch_id: null, objects: 0, tables: {} });
});

test.each([
  ['that failed', [ended({ small_outcome: 'published' }, 1)], 'failed'],
  ['that found another batch at work', [ended({ small_outcome: 'running' })], 'another batch'],
  ['whose job told no figure', [ended({ small_outcome: 'compared', small_objects: 'many' })], 'no figures'],
])('a run %s is an error', async (_, looks, words) => {
  const { parts } = open(looks);
  const error = { code: 'rebuild_failed', exit: 4, message: expect.stringContaining(words) };
  await expect(rebuildStack('dry-run', parts)).rejects.toMatchObject(error);
});

test('jobs that tell nothing are older than the command, and what helps is said', async () => {
  const { parts } = open([ended({ rebuild: 'dry-run' })]);
  const error = { code: 'stack_not_up', exit: 2, remedy: 'Run pulumi up.' };
  await expect(rebuildStack('dry-run', parts)).rejects.toMatchObject(error);
});

test.each([
  ['a run that never ends', 0, 'has begun'],
  ['another that never ends', Number.POSITIVE_INFINITY, 'Another run'],
])('%s is waited for 45 minutes', async (_, busy, words) => {
  const { parts } = open([isActive], busy);
  const error = { code: 'timed_out', exit: 9, message: expect.stringContaining(words) };
  await expect(rebuildStack('apply', parts)).rejects.toMatchObject(error);
  expect(parts.clock.now()).toBe(45 * 60_000);
});

test('jobs of Spark are waited for longer: two runs of two jobs that may take half an hour each, and start first', async () => {
  const { parts } = open([isActive]);
  await expect(rebuildStack('apply', { ...parts, longestMs: LONGEST_MS.spark })).rejects.toMatchObject({ exit: 9 });
  // 2 runs x 2 jobs x 30 minutes, and a quarter of an hour.
  expect(parts.clock.now()).toBe(2 * 2 * 30 * 60_000 + 15 * 60_000);
});
