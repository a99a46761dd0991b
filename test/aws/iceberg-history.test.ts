import { expect, test } from 'vitest';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { onAws } from '../support/aws.ts';
import { DAYS, fileAt, loadedOf, openIceberg, seen } from '../support/iceberg.ts';

const [START, HOUR_MS] = [Date.parse('2026-11-20T00:00:00Z'), 3_600_000];

onAws((aws) => {
  /** A table whose file of November was written at hours 0, 1 and 2. */
  async function threeVersions() {
    const clock = createFixedClock(START);
    const lake = await openIceberg(aws.connection, clock);
    let table = await lake.catalog.create(DAYS);
    const versions = [];
    for (const hour of [0, 1, 2]) {
      clock.set(START + hour * HOUR_MS);
      const file = await fileAt(lake, lake.catalog, table, 682, 10 + hour);
      table = await lake.catalog.commit(table, { removed: await lake.catalog.files(table), added: [file] });
      versions.push({ table, file });
    }
    return { lake, versions, table, clock };
  }

  test('snapshots replaced before an instant end, and with them what they alone name; the current one stays however old', async () => {
    const { lake, versions, table } = await threeVersions();
    // The first was replaced at hour 1, before hour 2; the second at hour 2, not before it. A file of rows, its manifest and its list.
    expect(await lake.catalog.expire(table, START + 2 * HOUR_MS)).toBe(3);
    const paths = versions.map(({ file }) => file.path);
    expect((await lake.addresses('tables/days/data/')).toSorted()).toEqual(paths.slice(1).toSorted());
    const metadata = await lake.metadata('days');
    expect(metadata.snapshots).toHaveLength(2);
    expect(metadata['snapshot-log']).toHaveLength(2);
    const second = versions[1]?.table;
    expect(second && (await lake.catalog.files(second)).map(({ path }) => path)).toEqual(paths.slice(1, 2));
    // A reader of the one that ended finds an error, never half a table.
    const first = versions[0]?.table;
    expect(first).toBeDefined();
    if (first) await expect(lake.catalog.files(first)).rejects.toMatchObject({ code: 'storage_failed' });
    const now = await lake.catalog.load('days');
    if (now) expect(await lake.catalog.expire(now, Number.MAX_SAFE_INTEGER)).toBe(3);
    expect(await seen(lake.other(), 'days')).toEqual(paths.slice(2));
    expect(await lake.addresses('tables/days/data/')).toEqual(paths.slice(2));
  });

  test('where nothing is old enough nothing is written', async () => {
    const { lake, table } = await threeVersions();
    const before = await lake.addresses();
    // The first, of hour 0, was what readers saw until hour 1.
    expect(await lake.catalog.expire(table, START + HOUR_MS)).toBe(0);
    expect(await lake.addresses()).toEqual(before);
  });

  test('of a table that rarely changes, who reads what was current a moment ago goes on', async () => {
    const { lake, versions, table, clock } = await threeVersions();
    const [month, minute, week] = [30 * 24 * HOUR_MS, 60_000, 7 * 24 * HOUR_MS];
    const reader = lake.other();
    const begun = await loadedOf(reader, 'days');
    clock.set(START + month);
    const file = await fileAt(lake, lake.catalog, table, 682, 20);
    const now = await lake.catalog.commit(table, { removed: await lake.catalog.files(table), added: [file] });
    // A week is kept, and this is a minute later: the first two were replaced a month ago, three files each; the third a minute ago.
    expect(await lake.catalog.expire(now, START + month + minute - week)).toBe(6);
    const read = (await reader.files(begun)).map(({ path }) => path);
    expect(read).toEqual([versions[2]?.file.path]);
    expect((await lake.addresses('tables/days/data/')).toSorted()).toEqual([...read, file.path].toSorted());
  });

  test('a snapshot with a tag stays, and so do statistics of those that stay', async () => {
    const { lake, versions } = await threeVersions();
    const ids = versions.map(({ table }) => BigInt(table.snapshotId ?? 0));
    const [first = 0n, second = 0n, third = 0n] = ids;
    const place = `s3://${lake.bucket}/tables/days/metadata`;
    const puffin = (id: bigint) => ({
      'snapshot-id': id,
      'statistics-path': `${place}/${id}.stats`,
      'blob-metadata': [],
    });
    for (const id of ids) await lake.put(puffin(id)['statistics-path'], 'stats');
    await lake.edit('days', (metadata) => ({
      ...metadata,
      refs: { ...metadata.refs, audit: { 'snapshot-id': first, type: 'tag' } },
      statistics: ids.map(puffin),
    }));
    const table = await loadedOf(lake.catalog, 'days');
    // Of the second: rows, manifest, list and statistics.
    expect(await lake.catalog.expire(table, Number.MAX_SAFE_INTEGER)).toBe(4);
    const metadata = await lake.metadata('days');
    expect(metadata.snapshots.map((one) => one['snapshot-id'])).toEqual([first, third]);
    expect(metadata.statistics.map((one) => one['snapshot-id'])).toEqual([first, third]);
    // The log has no gap: what came before the one that ended is not told any more.
    expect(metadata['snapshot-log'].map((one) => one['snapshot-id'])).toEqual([third]);
    expect(await lake.addresses(`tables/days/metadata/${second}`)).toEqual([]);
    expect(await lake.catalog.files(versions[0]?.table ?? table)).toHaveLength(1);
  });

  test('a sweep takes what no snapshot names and was written before, and nothing else', async () => {
    const { lake, table } = await threeVersions();
    const before = await lake.addresses();
    const orphans = ['data/local_date_month=2026-11/dead.parquet', 'metadata/dead-m0.avro'];
    const others = [`s3://${lake.bucket}/tables/days_more/data/x.parquet`, `s3://${lake.bucket}/runs/x`];
    for (const at of [...orphans.map((one) => `${table.location}/${one}`), ...others]) await lake.put(at, 'x');
    // What was written since may be of a run that is about to commit it.
    expect(await lake.catalog.sweep(table, Date.now() - HOUR_MS)).toBe(0);
    expect(await lake.catalog.sweep(table, Date.now() + HOUR_MS)).toBe(2);
    const after = [...(await lake.addresses()), ...(await lake.addresses('runs/'))];
    expect(after.toSorted()).toEqual([...before, ...others].toSorted());
  });

  test('a sweep by somebody who loaded long ago spares what was committed since', async () => {
    const { lake, table } = await threeVersions();
    const theirs = lake.other();
    const latest = await loadedOf(theirs, 'days');
    const file = await fileAt(lake, theirs, latest, 683);
    await theirs.commit(latest, { removed: [], added: [file] });
    expect(await lake.catalog.sweep(table, Date.now() + HOUR_MS)).toBe(0);
    expect(await seen(lake.other(), 'days')).toContain(file.path);
  });

  test('a snapshot is never older than the one before, whatever the clock says', async () => {
    const { lake } = await threeVersions();
    const late = lake.other({ clock: createFixedClock(0) });
    const loaded = await loadedOf(late, 'days');
    await late.commit(loaded, { removed: await late.files(loaded), added: [] });
    const times = (await lake.metadata('days')).snapshots.map((one) => one['timestamp-ms']);
    expect(times).toEqual([0, 1, 2, 2].map((hour) => START + hour * HOUR_MS));
  });
});
