import { statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openDatabase } from '../../../../ports/engine/duckdb/database.ts';
import type { DataFile } from '../../../../ports/iceberg/iceberg.ts';
import { temporaryDirectory } from '../../../support/directory.ts';
import { ANNA, BEN, openToy, steps } from './memory.ts';

vi.setConfig({ testTimeout: 300_000 });

type Toy = ReturnType<typeof openToy>;

/** Makes the rows of a table be what a query says of `stored`, behind the engine's back. */
async function damage(toy: Toy, name: string, query: string): Promise<void> {
  const table = await toy.catalog.load(name);
  if (table === undefined) throw new Error(`${name} is not there.`);
  const directory = temporaryDirectory();
  const ids = table.columns.map((column) => `${column.name}: ${column.id}`).join(', ');
  const database = await openDatabase();
  const removed = await toy.catalog.files(table);
  const added: DataFile[] = [];
  for (const { path, partition } of removed) {
    const [from, to] = [`${directory}/from.parquet`, `${directory}/to.parquet`];
    await toy.place.fetch(path, from);
    await database.run(`create or replace temp table stored as select * from read_parquet('${from}')`);
    await database.run(`copy (${query}) to '${to}' (format parquet, field_ids {${ids}})`);
    const [{ n = 0 } = {}] = await database.rows(`select count(*) as n from read_parquet('${to}')`);
    const place = toy.catalog.place(table, partition);
    await toy.place.send(to, place);
    added.push({ path: place, partition, rows: Number(n), bytes: statSync(to).size });
  }
  database.close();
  await toy.catalog.commit(table, { removed, added });
}

/**
 * Three days of Anna, of which the tables afterwards say another number of the 17th, nothing of the 18th, and have a 20th of nobody's; and whose records
 * say a wrong number of the 19th, which nobody sees.
 */
async function openDamaged(): Promise<Toy> {
  const toy = openToy();
  const days = [17, 18, 19].map((day) => steps('anna', `2026-11-${day}`, day * 100, day));
  await toy.take([...ANNA, ...days]);
  await damage(
    toy,
    'daily_metrics',
    `select * replace (case when value = 1700 then 1 else value end as value) from stored where value <> 1800
     union all select * replace (date '2026-11-20' as local_date, 5 as value) from stored where value = 1900`,
  );
  await damage(toy, 'records', `select * replace (replace(record, '1900', '9900') as record) from stored`);
  return toy;
}

const numbers = (toy: Toy) => toy.rows('daily_metrics', 'cast(local_date as varchar) as day, value');
const DAMAGED = [
  { day: '2026-11-17', value: 1 },
  { day: '2026-11-19', value: 1900 },
  { day: '2026-11-20', value: 5 },
];
const RIGHT = [
  { day: '2026-11-17', value: 1700 },
  { day: '2026-11-18', value: 1800 },
  { day: '2026-11-19', value: 1900 },
];
const cell = (local_date: string, column: string, before: unknown, after: unknown) => {
  return { row: { user_id: 'u_anna', local_date, metric: 'steps', column, before, after } };
};
const byDay = (rows: readonly object[]) => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

test.each([
  ['at once', undefined],
  ['an object at a time', { objects: 1, bytes: 1000 }],
])('a comparison %s tells what a rebuild would change, by row and by cell, and commits nothing', async (_, portion) => {
  const toy = await openDamaged();
  expect(await toy.take()).toBeUndefined();
  const [snapshots, addresses, events] = [await toy.snapshots(), toy.addresses(), toy.events.length];
  const compared = await toy.compare(portion === undefined ? {} : { portion });
  // Two facts and three payloads. The 18th is added, the 17th changed, the 20th removed; records are nothing people query.
  expect(compared).toMatchObject({ objects: 5, tables: { daily_metrics: { added: 1, changed: 1, removed: 1 } } });
  expect(Object.keys(compared.tables)).toEqual(['daily_metrics']);
  expect(await toy.lines(compared.batch_id, 'changed/daily_metrics.ndjson')).toEqual([
    cell('2026-11-17', 'value', 1, 1700),
    cell('2026-11-18', 'title', null, 'Steps'),
    cell('2026-11-18', 'value', null, 1800),
    cell('2026-11-20', 'title', 'Steps', null),
    cell('2026-11-20', 'value', 5, null),
  ]);
  expect(await toy.snapshots()).toEqual(snapshots);
  const cells = `s3://lake/runs/${compared.batch_id}/changed/daily_metrics.ndjson`;
  expect(toy.addresses()).toEqual([...addresses, cells].toSorted());
  expect(toy.events).toHaveLength(events);
  expect(byDay(await numbers(toy))).toEqual(DAMAGED);
});

test.each([
  ['at once', undefined],
  ['an object at a time', { objects: 1, bytes: 1000 }],
])(
  'a rebuild %s makes rows and records what raw says, tells it, and a comparison then finds nothing',
  async (_, portion) => {
    const toy = await openDamaged();
    const over = portion === undefined ? {} : { portion };
    const record = await toy.run(over, { anew: true });
    expect(record?.tables).toMatchObject({ daily_metrics: 3, records: 1 });
    expect(byDay(await numbers(toy))).toEqual(RIGHT);
    const records = await toy.rows('records', 'record');
    expect(records.map(({ record: text }) => String(text)).filter((text) => text.includes('9900'))).toEqual([]);
    expect(toy.events).toHaveLength(2);
    const calls = toy.calls();
    expect(await toy.compare(over)).toMatchObject({ objects: 5, tables: {} });
    expect(toy.calls()).toBe(calls);
  },
);

test('a rebuild of what is right commits nothing and tells nothing', async () => {
  const toy = openToy();
  await toy.take([...ANNA, steps('anna', '2026-11-19', 4200)]);
  const [snapshots, addresses] = [await toy.snapshots(), toy.addresses()];
  expect(await toy.run({}, { anew: true })).toBeUndefined();
  expect([await toy.snapshots(), toy.addresses(), toy.events.length]).toEqual([snapshots, addresses, 1]);
});

test('what is stored of objects raw no longer has goes, also records of one nobody noted', async () => {
  const toy = openToy();
  await toy.take([...ANNA, ...BEN, steps('anna', '2026-11-19', 10), steps('ben', '2026-11-19', 20)]);
  await damage(toy, 'objects', `select * from stored where raw_key not like '%/toy/%'`);
  const toys: string[] = [];
  for await (const { key } of toy.objects.list('raw/')) if (key.includes('/toy/')) toys.push(key);
  const [first = ''] = toys;
  await toy.objects.delete(first);
  await toy.run({}, { anew: true });
  const left = await toy.rows('records', 'distinct raw_key');
  expect(left.map(({ raw_key: key }) => key).filter((key) => toys.includes(String(key)))).toEqual(toys.slice(1));
  expect(await numbers(toy)).toHaveLength(1);
});

test('a comparison before the first batch tells of all rows and makes no table', async () => {
  const toy = openToy();
  await toy.store([...ANNA, steps('anna', '2026-11-19', 4200)]);
  const { tables } = await toy.compare();
  expect(tables['daily_metrics']).toEqual({ added: 1, changed: 0, removed: 0 });
  expect(await toy.catalog.names()).toEqual([]);
});

test('a comparison that needs more memory than there is is told as too large', async () => {
  const toy = await openDamaged();
  await expect(toy.compare({ memory: '1MB' })).rejects.toMatchObject({ code: 'too_large_for_small' });
  expect(byDay(await numbers(toy))).toEqual(DAMAGED);
});
