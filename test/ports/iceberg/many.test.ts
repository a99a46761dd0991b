import { expect, test } from 'vitest';
import { createFixedClock } from '../../../ports/clock/fixed.ts';
import type { DataFile } from '../../../ports/iceberg/iceberg.ts';
import { DAYS, openMemory, seen } from '../../support/iceberg.ts';

test('a table of many commits has at most fifty manifests, and every file once', async () => {
  const lake = openMemory(createFixedClock(0));
  let table = await lake.catalog.create(DAYS);
  const files: DataFile[] = [];
  for (let month = 600; month < 660; month += 1) {
    const path = lake.catalog.place(table, month);
    files.push({ path, partition: month, rows: 1, bytes: 1 });
    table = await lake.catalog.commit(table, { removed: [], added: files.slice(-1) });
    expect((await lake.manifests('days')).length).toBeLessThanOrEqual(50);
  }
  expect(await seen(lake.other(), 'days')).toEqual(files.map(({ path }) => path).toSorted());
  expect((await lake.metadata('days')).snapshots.at(-1)?.summary['total-records']).toBe('60');
});

test('the log of metadata files has twenty, and those that fall off it are removed', async () => {
  const lake = openMemory(createFixedClock(0));
  let table = await lake.catalog.create(DAYS);
  for (let month = 600; month < 622; month += 1) {
    const file = { path: lake.catalog.place(table, month), partition: month, rows: 1, bytes: 1 };
    table = await lake.catalog.commit(table, { removed: [], added: [file] });
  }
  const left = (await lake.addresses('tables/days/metadata/')).filter((one) => one.endsWith('.json'));
  const log = (await lake.metadata('days'))['metadata-log'].map((one) => one['metadata-file']);
  // 23 were written, 00000 to 00022: the current one and twenty before it stay.
  expect(left).toHaveLength(21);
  expect([...log, await lake.address('days')].toSorted()).toEqual(left.toSorted());
  expect(left.map((one) => one.slice(one.lastIndexOf('/') + 1, one.lastIndexOf('/') + 6)).toSorted()[0]).toBe('00002');
});
