import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { populate } from '../../../../bench/people/populate.ts';
import { readObjects } from '../../../../app/listing.ts';
import { cutIntoWaves } from '../../../../ports/engine/duckdb/waves.ts';
import { createFsObjects } from '../../../../ports/objects/fs.ts';
import { steps } from '../../../contract/engine.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { everything } from '../../../support/everything.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { rawObject, type Payload } from '../../../support/raw.ts';
import { MODELS } from '../../../support/transform.ts';

/** Every person is a wave of their own. */
const LEAST = 1;

const take = (lake: Lake, payloads: readonly Payload[]): void => {
  for (const { key, document } of payloads.map(rawObject)) lake.raw.set(key, document);
};

const at = (minute: number): number => Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;
/** Anna and Ben have had one account one after the other; Cleo has one of her own, Dora none, and one is nobody's. */
const HOUSEHOLD = [
  ...['u_anna', 'u_ben', 'u_cleo', 'u_dora'].map((user) => userFact(user)),
  connectionFact('u_anna', 'toy', 'shared'),
  connectionFact('u_anna', 'toy', 'shared', { at: at(5), state: 'disconnected' }),
  connectionFact('u_ben', 'toy', 'shared', { at: at(6) }),
  connectionFact('u_cleo', 'toy', 'cleo'),
  steps('shared', '2026-01-01', 10, 1),
  steps('shared', '2026-01-02', 20, 7),
  steps('cleo', '2026-01-01', 30, 2),
  steps('nobody', '2026-01-01', 40, 3),
];

const sizes = (...of: readonly (readonly [string, number])[]): ReadonlyMap<string, number> => new Map(of);

describe('people are cut into waves', () => {
  test('of no more than was said, in order', () => {
    const bytes = sizes(['a', 4], ['b', 4], ['c', 4]);
    const ties = ['a', 'b', 'c'].map((account) => ({ account, user: `u_${account}` }));
    // 4 + 4 fit into 9, 4 + 4 + 4 do not
    expect(cutIntoWaves(ties, bytes, 9)).toEqual([
      { users: ['u_a', 'u_b'], accounts: ['a', 'b'], bytes: 8 },
      { users: ['u_c'], accounts: ['c'], bytes: 4 },
    ]);
  });

  test('never parting whoever shares an account, through however many others, though that is more', () => {
    const ties = [
      { account: 'a', user: 'u_1' },
      { account: 'b', user: 'u_1' },
      { account: 'b', user: 'u_2' },
      { account: 'c', user: 'u_2' },
      { account: 'd', user: 'u_3' },
    ];
    const waves = cutIntoWaves(ties, sizes(['a', 5], ['b', 5], ['c', 5], ['d', 5]), 1);
    expect(waves).toEqual([
      { users: ['u_1', 'u_2'], accounts: ['a', 'b', 'c'], bytes: 15 },
      { users: ['u_3'], accounts: ['d'], bytes: 5 },
    ]);
  });

  test('with accounts that are nobody’s, people without a document, and names that are both', () => {
    const waves = cutIntoWaves([{ account: 'x', user: 'y' }], sizes(['y', 3]), 1);
    expect(waves).toEqual([
      { users: ['y'], accounts: ['x'], bytes: 0 },
      { users: [], accounts: ['y'], bytes: 3 },
    ]);
  });
});

test('a rebuild in waves of one person makes what a rebuild at once does', async () => {
  const [whole, waves] = [openLake(), openLake({ waveBytes: LEAST })];
  for (const lake of [whole, waves]) {
    take(lake, HOUSEHOLD);
    await lake.rebuild();
  }
  const expected = await everything(whole);
  expect(await everything(waves)).toEqual(expected);
  // four facts of people and four of connections, and four payloads
  expect(expected['objects']).toHaveLength(12);
  expect(await waves.query('select user_id, value from daily_metrics order by value')).toEqual([
    { user_id: 'u_anna', value: 10 },
    { user_id: 'u_ben', value: 20 },
    { user_id: 'u_cleo', value: 30 },
  ]);
  expect(await waves.query('select n_objects, n_observations, n_days from batches')).toEqual(
    await whole.query('select n_objects, n_observations, n_days from batches'),
  );
  // again, from the documents that are kept now
  await waves.rebuild();
  expect(await everything(waves)).toEqual(expected);
  // and the next batch goes on from there
  for (const lake of [whole, waves]) await lake.batch([steps('cleo', '2026-01-02', 50, 9)]);
  expect(await everything(waves)).toEqual(await everything(whole));
});

test('a rebuild that ends between two waves has changed nothing, and leaves nothing behind the next batch', async () => {
  const lake = openLake({ waveBytes: LEAST });
  await lake.batch(HOUSEHOLD);
  const before = await everything(lake);
  let waves = 0;
  const ended = lake.engine.rebuild({
    batchId: 'b_ended',
    now: Date.parse('2026-12-01T00:00:00Z'),
    listed: [...lake.raw.keys()].map((key) => ({ key, bytes: 1 })),
    load: (key) => Promise.resolve(lake.raw.get(key)),
    commit: () => Promise.resolve(false),
    onStep: (step) => {
      if (step === 'modelled') waves += 1;
      if (waves === 2) throw new Error('ended');
    },
  });
  await expect(ended).rejects.toThrow('ended');
  expect(await everything(lake)).toEqual(before);
  const left = (): boolean => existsSync(join(lake.directory, 'staging'));
  expect(left()).toBe(true);
  await lake.batch([steps('cleo', '2026-01-02', 50, 9)]);
  expect(left()).toBe(false);
  const names = readdirSync(lake.directory, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.includes('b_ended'))).toEqual([]);
});

test('every cell of two people’s tables is the same, whether they are made anew at once or one by one', async () => {
  const directory = temporaryDirectory();
  await populate(directory, { seed: 'waves', people: 2, days: 3, until: '2026-06-30' });
  const objects = createFsObjects({ root: directory });
  const keys: string[] = [];
  for await (const { key } of objects.list('raw/')) keys.push(key);
  const [whole, waves] = [openLake({ models: MODELS }), openLake({ models: MODELS, waveBytes: LEAST })];
  for (const lake of [whole, waves]) {
    for (const { key, document } of await readObjects(objects, keys)) lake.raw.set(key, document);
    await lake.rebuild();
  }
  const expected = await everything(whole);
  expect(expected['daily_metrics']?.length).toBeGreaterThan(50);
  const found = await everything(waves);
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) expect(found[name], name).toEqual(expected[name]);
}, 300_000);
