import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createFsObjects } from '../../ports/objects/fs.ts';
import { populate } from '../../bench/people/populate.ts';
import { readObjects } from '../../app/listing.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { openLake } from '../support/lake.ts';
import { MODELS } from '../support/transform.ts';

const THREE = { seed: 'few', people: 3, days: 5, until: '2026-06-30' };

function commit(change: () => void): Promise<boolean> {
  change();
  return Promise.resolve(true);
}

async function rawOf(directory: string): Promise<readonly RawInput[]> {
  const objects = createFsObjects({ root: directory });
  const keys: string[] = [];
  for await (const { key } of objects.list('raw/')) keys.push(key);
  return readObjects(objects, keys);
}

test('what three people sent in five days is taken in without a refused row, each with their own account and steps of every day', async () => {
  const directory = temporaryDirectory();
  const { objects } = await populate(directory, THREE);
  const raw = await rawOf(directory);
  expect(raw).toHaveLength(objects);

  const lake = openLake({ models: MODELS });
  const request = { batchId: 'b', now: Date.parse('2026-07-02T00:00:00Z'), load: () => Promise.resolve(undefined) };
  await lake.engine.run({ ...request, objects: raw, commit });
  expect(await lake.query('select type, rule, text from quarantine')).toEqual([]);
  expect(await lake.query(`select distinct state from raw_objects`)).toEqual([{ state: 'processed' }]);
  const days = await lake.query(
    `select user_id, count(*) as n from daily_metrics where metric = 'steps' group by user_id order by user_id`,
  );
  expect(days.map(({ n }) => Number(n))).toEqual([5, 5, 5]);
});

test('the same seed writes the same bytes, another one other people', async () => {
  const [one, same, other] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
  await populate(one, { ...THREE, days: 2 });
  await populate(same, { ...THREE, days: 2 });
  await populate(other, { ...THREE, days: 2, seed: 'others' });
  expect(await rawOf(same)).toEqual(await rawOf(one));
  const keys = new Set((await rawOf(one)).map(({ key }) => key));
  expect((await rawOf(other)).filter(({ key }) => keys.has(key))).toEqual([]);
});

test('two households of one shape share no account and no steps', async () => {
  const directory = temporaryDirectory();
  // The ninth and tenth live the days of the first and second.
  await populate(directory, { seed: 'many', people: 10, days: 2, until: '2026-06-30' });
  const dailies = (await rawOf(directory)).filter(({ key }) => key.includes('/dailies-'));
  const accounts = new Set(dailies.map(({ key }) => key.split('/')[3]));
  expect(accounts.size).toBe(10);
  const texts = dailies.map(({ document }) => new TextDecoder().decode(document));
  const ids = new Set(texts.map((text) => /"userId":"([0-9a-f]{32})"/.exec(text)?.[1]));
  expect(ids.size).toBe(10);
});

test('a directory that was begun is finished, and one of other people is refused', async () => {
  const [whole, begun] = [temporaryDirectory(), temporaryDirectory()];
  const wanted = { ...THREE, days: 2 };
  await populate(whole, wanted);
  const stop = new Error('stopped');
  const broken = populate(begun, wanted, () => {
    throw stop;
  });
  await expect(broken).rejects.toBe(stop);
  const seen: number[] = [];
  const finished = await populate(begun, wanted, ({ households }) => seen.push(households));
  // Three people are two households, and the first was made before it was stopped.
  expect(seen).toEqual([2]);
  expect(finished).toEqual(JSON.parse(readFileSync(path.join(whole, 'population.json'), 'utf8')));
  expect(await rawOf(begun)).toEqual(await rawOf(whole));
  await expect(populate(begun, { ...wanted, people: 4 })).rejects.toMatchObject({ code: 'other_people' });
});
