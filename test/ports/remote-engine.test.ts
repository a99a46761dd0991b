import { describe, expect, test } from 'vitest';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Erasure, Extract } from '../../ports/engine/engine.ts';
import { gathered } from '../../ports/engine/lines.ts';
import { createRemoteEngine } from '../../ports/engine/remote.ts';
import type { Runs } from '../../ports/engine/run.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import type { NamedQuery, Warehouse } from '../../ports/warehouse/warehouse.ts';
import { steps } from '../contract/engine.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { openLake, TOY_MODELS } from '../support/lake.ts';

const ERASURE: Erasure = { users: ['u_anna'], accounts: [], keys: [] };

function hurried(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

const noRuns = (told: string[]): Runs => ({
  known: () => Promise.resolve(new Map([['raw/x', 'read' as const]])),
  lastFinished: () => Promise.resolve(5),
  async *since() {},
  taken: () => Promise.resolve([]),
  async *changes() {},
  erase: async ({ users, keys }) => void told.push(['runs', ...(users.length === 0 ? keys : [])].join(' ')),
});

/** Published tables of two people, as the warehouse of a stack shows them: what it cannot unload is a Parquet file of ours. */
async function openTables(files: readonly string[] = ['one']) {
  const lake = openLake();
  await lake.batch([
    ...['anna', 'ben'].flatMap((name) => [userFact(`u_${name}`), connectionFact(`u_${name}`, 'toy', name)]),
    steps('anna', '2026-01-31', 10),
    steps('anna', '2026-03-01', 30),
    steps('ben', '2026-01-31', 77),
  ]);
  const real = createDuckDbWarehouse({ directory: lake.directory, modelsDirectory: TOY_MODELS });
  const objects = createMemoryObjects();
  const asked: NamedQuery[] = [];
  const warehouse: Warehouse = {
    async run(query, parameters) {
      asked.push(query);
      if (query.name !== 'extract.unload') return real.run(query, parameters);
      const place = /to 's3:\/\/results\/(?<place>[^']+)'/.exec(query.sql)?.groups?.['place'] ?? '';
      for (const file of files) await objects.putIfAbsent(`${place}${file}`, new TextEncoder().encode(file));
      return [];
    },
  };
  const unload = { root: 's3://results', objects, folder: 'unload/e_1' };
  const engine = createRemoteEngine({ runs: noRuns([]), warehouse, clock: hurried(), unload });
  return { engine, asked, objects, lake };
}

async function textOf({ bytes }: Extract): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const block of bytes) text += decoder.decode(block);
  return text;
}

describe('an engine whose batches run elsewhere', () => {
  test('knows what the records of runs say, and says where a batch is run', async () => {
    const { engine } = await openTables();
    expect([...(await engine.known())]).toEqual([['raw/x', 'read']]);
    expect(await engine.lastFinished()).toBe(5);
    const request = {
      batchId: 'b',
      now: 0,
      objects: [],
      listed: [],
      load: () => Promise.resolve(undefined),
      commit: () => Promise.resolve(true),
    };
    for (const doing of [engine.run(request), engine.compare(request), engine.rebuild(request)]) {
      await expect(doing).rejects.toMatchObject({
        code: 'not_here',
        remedy: expect.stringContaining('wellspring process --stack'),
      });
    }
  });

  test('extracts the rows of one person from every table about people, as CSV and as the files the warehouse wrote', async () => {
    const { engine, objects, lake } = await openTables(['one', 'two']);
    const found: { name: string; text: string }[] = [];
    for await (const extract of engine.extract('u_anna')) {
      found.push({ name: `${extract.table}-${extract.part ?? 0}.${extract.format}`, text: await textOf(extract) });
    }
    const tables = await lake.query(
      `select distinct table_name as name from information_schema.columns where column_name = 'user_id' order by 1`,
    );
    expect([...new Set(found.map(({ name }) => name.split('-')[0]))]).toEqual(tables.map(({ name }) => name));
    const daily = found.filter(({ name }) => name.startsWith('daily_metrics'));
    expect(daily.map(({ name }) => name)).toEqual([
      'daily_metrics-1.parquet',
      'daily_metrics-2.parquet',
      'daily_metrics-0.csv',
    ]);
    expect(daily.slice(0, 2).map(({ text }) => text)).toEqual(['one', 'two']);
    const [header = '', ...rows] = (daily[2]?.text ?? '').trim().split('\n');
    expect(rows.map((row) => row.split(',')[header.split(',').indexOf('value')])).toEqual(['10', '30']);
    for (const { text } of found) expect(text).not.toContain('u_ben');
    expect(await gathered(objects.list('unload/'))).toEqual([]);
  });

  test('an extract whose files are removed while it is made fails, and is never one without its rows', async () => {
    const before = await openTables([]);
    await expect(gathered(before.engine.extract('u_anna'))).rejects.toMatchObject({ code: 'extract_gone' });
    const between = await openTables();
    const [first] = await gathered(between.engine.extract('u_anna'));
    // Listed, and emptied before it is read.
    await expect(first === undefined ? undefined : textOf(first)).rejects.toMatchObject({ code: 'extract_gone' });
  });

  test('of a table without rows of theirs gives the columns alone', async () => {
    const { engine, asked } = await openTables();
    const extracts: string[] = [];
    for await (const extract of engine.extract('u_nobody')) extracts.push(extract.format);
    expect(new Set(extracts)).toEqual(new Set(['csv']));
    expect(asked.some(({ name }) => name === 'extract.unload')).toBe(false);
  });

  test('counts the rows of a person in every table', async () => {
    const { engine, lake } = await openTables();
    const counted = await engine.countErasure(ERASURE);
    const [row] = await lake.query(`select count(*) as n from daily_metrics where user_id = 'u_anna'`);
    expect(counted['daily_metrics']).toBe(row?.['n']);
    expect(await engine.countErasure({ users: ['u_nobody'], accounts: ['a_nobody'], keys: [] })).toEqual({});
  });
});

/** A workflow whose last run is each of these in turn, and what was done in order. */
function openErasing(seen: readonly (readonly [id: string, isActive: boolean])[]) {
  const told: string[] = [];
  const idleAt: number[] = [];
  let at = -1;
  const lastRun = async () => {
    at = Math.min(at + 1, seen.length - 1);
    const [id, isActive] = seen[at] ?? ['', false];
    told.push(`${id}${isActive ? ' runs' : ''}`);
    return { id, isActive, startedAt: 0 };
  };
  const engine = createRemoteEngine({
    runs: noRuns(told),
    warehouse: { run: () => Promise.resolve([]) },
    clock: hurried(),
    limitMs: 60_000,
    erasing: {
      job: {
        async run(_, when) {
          told.push('job');
          idleAt.push(when.idleAt);
        },
      },
      workflow: { lastRun, start: () => Promise.resolve('running') },
      readings: { remove: async (userId) => (told.push(`readings of ${userId}`), 1) },
    },
  });
  const batch = { batchId: 'b', now: 0, commit: () => Promise.resolve(true) };
  return { told, idleAt, erase: (more: Partial<Erasure> = {}) => engine.erase({ ...ERASURE, ...more }, batch) };
}

describe('an erasure elsewhere', () => {
  test('waits for a run, and takes tables, records and readings in that order', async () => {
    const { told, erase } = openErasing([
      ['w1', true],
      ['w1', true],
      ['w1', false],
      ['w1', false],
    ]);
    await erase();
    expect(told).toEqual(['w1 runs', 'w1 runs', 'w1', 'job', 'w1', 'runs', 'readings of u_anna']);
  });

  test('takes single objects of accounts that stay out of the records first: once they are deleted, the tables alone say whose they were', async () => {
    const { told, erase } = openErasing([['w1', false]]);
    const [theirs, shared] = ['raw/2026-03-01/toy/a_one/x.json', 'raw/2026-03-01/toy/a_both/y.json'];
    await erase({ accounts: ['a_one'], keys: [theirs, shared] });
    expect(told).toEqual([`runs ${shared}`, 'w1', 'job', 'w1', 'runs', 'readings of u_anna']);
  });

  test('is done again when a run began beside it, which may have published what it had read', async () => {
    const { told, idleAt, erase } = openErasing([
      ['w1', false],
      ['w2', true],
      ['w2', true],
      ['w2', false],
      ['w2', false],
    ]);
    await erase();
    // Looked at every 5 s: at once, and again after the one look that saw the second run. What that run wrote is newer than the first moment.
    expect(idleAt).toEqual([0, 5000]);
    expect(told.filter((one) => one === 'job')).toHaveLength(2);
    expect(told.slice(-3)).toEqual(['w2', 'runs', 'readings of u_anna']);
  });

  test('gives up for now beside a run that does not end, and has touched nothing', async () => {
    const { told, erase } = openErasing([['w1', true]]);
    await expect(erase()).rejects.toMatchObject({ code: 'erasure_unfinished' });
    expect(told).not.toContain('job');
    expect(told).not.toContain('runs');
  });
});
