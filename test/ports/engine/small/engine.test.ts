import { appendFileSync, cpSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../../../support/directory.ts';
import { TOY_MODELS } from '../../../support/lake.ts';
import { ANNA, BEN, fill, openToy, steps } from './memory.ts';

vi.setConfig({ testTimeout: 300_000 });

test('a batch publishes what its objects say, tells it, and sends one event', async () => {
  const toy = openToy();
  const record = await toy.take([...ANNA, steps('anna', '2026-11-19', 4200)]);
  // Two facts and a payload, whose one row is one observation of one day; four lists name an object each: objects, raw_objects, taken, and records.
  expect(record).toMatchObject({ objects: 3, observations: 1, days: 1, quarantined: 0, users: ['u_anna'] });
  expect(record?.tables).toEqual({
    account_owners: 2,
    daily_metrics: 1,
    objects: 3,
    observations: 1,
    raw_objects: 3,
    records: 3,
  });
  expect(await toy.rows('daily_metrics', 'user_id, local_date, value')).toEqual([
    { user_id: 'u_anna', local_date: '2026-11-19', value: 4200 },
  ]);
  const id = record?.batch_id ?? '';
  expect(id).toMatch(/^b_20261121t120100z_[a-z2-7]{6}$/);
  expect(await toy.lines(id, 'changed/daily_metrics.ndjson')).toEqual([
    {
      row: {
        user_id: 'u_anna',
        local_date: '2026-11-19',
        metric: 'steps',
        title: 'Steps',
        value: 4200,
        updated_at: '2026-11-21T12:01:00.000Z',
      },
    },
  ]);
  expect(await toy.lines(id, 'taken.ndjson')).toHaveLength(3);
  expect(await toy.lines(id, 'batch.json')).toEqual([record]);
  expect(toy.events).toEqual([
    { detailType: 'Batch Published', detail: { schema: 1, batch_id: id, users: ['u_anna'], days: 1 } },
  ]);
  expect(await toy.place.list('open/')).toEqual([]);
  expect(await toy.rows('batches', 'batch_id, n_objects, n_days')).toEqual([{ batch_id: id, n_objects: 3, n_days: 1 }]);
});

test('with nothing new nothing is written', async () => {
  const toy = openToy();
  await toy.take([...ANNA, steps('anna', '2026-11-19', 1)]);
  const [before, calls] = [toy.addresses(), toy.calls()];
  expect(await toy.take()).toBeUndefined();
  expect(toy.addresses()).toEqual(before);
  expect(toy.calls()).toBe(calls);
  expect(toy.events).toHaveLength(1);
});

test('other models that change no row are noted by one batch, and the run after it has nothing to do', async () => {
  const models = temporaryDirectory();
  cpSync(TOY_MODELS, models, { recursive: true });
  const toy = openToy(models);
  await toy.take([...ANNA, steps('anna', '2026-11-19', 1)]);
  appendFileSync(`${models}/daily_metrics.sql`, '\n-- said in other words\n');
  const before = toy.addresses();
  const noted = await toy.take();
  // No row differs and nobody's day is touched: of the tables, `batches` alone is written.
  expect(noted).toMatchObject({ objects: 0, days: 0, users: [], tables: {} });
  const written = toy.addresses().filter((one) => !before.includes(one) && one.startsWith('s3://lake/tables/'));
  expect(new Set(written.map((one) => one.split('/')[4]))).toEqual(new Set(['batches']));
  const versions = await toy.rows('batches', 'model_version');
  expect(new Set(versions.map((row) => row['model_version'])).size).toBe(2);
  expect(await toy.place.list('open/')).toEqual([]);
  const calls = toy.calls();
  expect(await toy.take()).toBeUndefined();
  expect(toy.calls()).toBe(calls);
});

test('a correction changes its rows, in the month it leaves and in the one it comes to, and no other file', async () => {
  const toy = openToy();
  const first = {
    ...steps('anna', '2026-10-31', 10),
    data: {
      rows: [
        { day: '2026-10-31', steps: 10 },
        { day: '2026-09-01', steps: 5 },
      ],
    },
  };
  await toy.take([...ANNA, first]);
  const files = async () => {
    const table = await toy.catalog.load('daily_metrics');
    const found = table === undefined ? [] : await toy.catalog.files(table);
    return new Map(found.map(({ path, partition }) => [partition, path]));
  };
  const before = await files();
  // Months since January 1970: 56 years of twelve, and 8, 9 or 10.
  expect(new Set(before.keys())).toEqual(new Set([680, 681]));
  expect(await toy.take([steps('anna', '2026-11-01', 7, 1), steps('anna', '2026-10-31', 12, 2)])).toMatchObject({
    users: ['u_anna'],
  });
  const after = await files();
  expect(new Set(after.keys())).toEqual(new Set([680, 681, 682]));
  expect(after.get(680)).toBe(before.get(680));
  expect(after.get(681)).not.toBe(before.get(681));
  expect(await toy.rows('daily_metrics', 'local_date, value')).toHaveLength(3);
});

test('objects taken in two by two, in any order, and computed a family at a time leave the same tables', async () => {
  const all = [
    ...ANNA,
    ...BEN,
    steps('anna', '2026-11-18', 1),
    steps('anna', '2026-11-18', 2, 1),
    steps('ben', '2026-11-18', 3),
  ];
  const whole = openToy();
  await whole.take(all);
  const expected = await whole.tables();
  for (const order of [all.toReversed(), [...all.slice(5), ...all.slice(0, 5)]]) {
    const toy = openToy();
    for (let at = 0; at < order.length; at += 2) await toy.take(order.slice(at, at + 2));
    expect(await toy.tables()).toEqual(expected);
  }
  const portions = openToy();
  await portions.take(all, { portion: { objects: 2, bytes: 1_000_000 } });
  expect(await portions.tables()).toEqual(expected);
  // One batch, however many portions.
  expect(portions.events).toHaveLength(1);
  // And of one family at a time.
  const apart = openToy();
  await apart.take(all.slice(0, 5), { waveRecords: 0 });
  await apart.take(all.slice(5), { waveRecords: 0 });
  expect(await apart.tables()).toEqual(expected);
});

test('an object that is gone takes its rows with it, and whoever keeps copies is told', async () => {
  const toy = openToy();
  const payload = steps('anna', '2026-11-18', 1);
  await toy.take([...ANNA, payload]);
  for await (const { key } of toy.objects.list('raw/')) if (key.includes('/toy/')) await toy.objects.delete(key);
  const record = await toy.take();
  expect(await toy.rows('daily_metrics')).toEqual([]);
  expect(await toy.rows('objects', 'raw_key')).toHaveLength(2);
  expect(await toy.lines(record?.batch_id ?? '', 'changed/daily_metrics.ndjson')).toEqual([
    { gone: { user_id: 'u_anna', local_date: '2026-11-18', metric: 'steps' } },
  ]);
});

test('a run that lost its lease writes no more, and the next goes on under its id', async () => {
  const toy = openToy();
  await toy.store([...ANNA, steps('anna', '2026-11-18', 1)]);
  let asked = 0;
  const isHeld = async (): Promise<boolean> => (asked += 1) < 3;
  await expect(toy.run({}, { isHeld })).rejects.toMatchObject({ code: 'lease_lost' });
  expect(await toy.rows('daily_metrics')).toEqual([]);
  const left = await toy.place.list('open/');
  const record = await toy.take();
  expect(left).toEqual([`open/${record?.batch_id}`]);
  expect(await toy.rows('daily_metrics', 'value')).toEqual([{ value: 1 }]);
});

test('a column only others know is carried through a change of its row and of its neighbour', async () => {
  const toy = openToy();
  await toy.take([...ANNA, steps('anna', '2026-11-18', 1), steps('anna', '2026-11-17', 5, 1)]);
  await fill(toy, 'daily_metrics', { mood: 'text' }, `'mood of ' || cast(local_date as varchar) as mood`);
  await toy.take([steps('anna', '2026-11-18', 2, 3)]);
  expect(await toy.rows('daily_metrics', 'value, mood')).toEqual(
    expect.arrayContaining([
      { value: 2, mood: 'mood of 2026-11-18' },
      { value: 5, mood: 'mood of 2026-11-17' },
    ]),
  );
});

test('a table of an older schema gains the column its model has', async () => {
  const toy = openToy();
  const columns = { user_id: 'text', local_date: 'date', metric: 'text', value: 'double' } as const;
  await toy.catalog.create({ name: 'daily_metrics', columns });
  await toy.take([...ANNA, steps('anna', '2026-11-18', 1)]);
  expect(await toy.rows('daily_metrics')).toEqual([
    {
      user_id: 'u_anna',
      local_date: '2026-11-18',
      metric: 'steps',
      value: 1,
      title: 'Steps',
      updated_at: '2026-11-21T12:01:00.000Z',
    },
  ]);
});

test('an ended time is told as too large, and what was read stays read', async () => {
  const toy = openToy();
  await toy.take([...ANNA, ...BEN, steps('anna', '2026-11-18', 1)]);
  await toy.store([16, 17, 18].map((day) => steps('ben', `2026-11-${day}`, day, day)));
  // Two objects at a time: the time ends while the first two are stored.
  const time = new AbortController();
  const catalog = {
    ...toy.catalog,
    async commit(...given: Parameters<typeof toy.catalog.commit>) {
      const table = await toy.catalog.commit(...given);
      if (given[0].name === 'objects') time.abort();
      return table;
    },
  };
  const portion = { objects: 2, bytes: 1_000_000 };
  await expect(toy.run({ catalog, portion }, { signal: time.signal })).rejects.toMatchObject({
    code: 'too_large_for_small',
    remedy: expect.stringContaining('engine spark'),
  });
  expect(await toy.rows('objects', 'raw_key')).toHaveLength(5 + 2);
  expect(await toy.rows('daily_metrics', 'user_id, value')).toEqual([{ user_id: 'u_anna', value: 1 }]);
  const read: string[] = [];
  const objects = { ...toy.objects, get: async (key: string) => (read.push(key), toy.objects.get(key)) };
  await toy.run({ objects });
  expect(read).toHaveLength(1);
  expect(await toy.rows('daily_metrics', 'user_id')).toHaveLength(1 + 3);
});

test('once in a week what nobody can read any more is removed', async () => {
  const toy = openToy();
  await toy.take([...ANNA, steps('anna', '2026-11-18', 1)]);
  const below = (folder: string) =>
    toy.addresses().filter((one) => one.startsWith(`s3://lake/tables/daily_metrics/${folder}`));
  const [first] = below('data/');
  await toy.place.write('tables/daily_metrics/data/left-by-a-run-that-died.parquet', 'x');
  await toy.take([steps('anna', '2026-11-18', 2, 2)]);
  // The file of before, that of now, and the one that was left.
  expect(below('data/')).toHaveLength(3);
  toy.clock.advance(10 * 86_400_000);
  await toy.take([steps('anna', '2026-11-18', 3, 4)]);
  // The second file was replaced a moment ago, and may be read; the first ten days ago.
  expect(below('data/')).toHaveLength(2);
  expect(below('data/')).not.toContain(first);
  expect(await toy.rows('daily_metrics', 'value')).toEqual([{ value: 3 }]);
});
