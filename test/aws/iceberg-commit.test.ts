import { expect, test } from 'vitest';
import type { DataFile } from '../../ports/iceberg/iceberg.ts';
import { onAws } from '../support/aws.ts';
import { DAYS, fileAt, type Iceberg, loadedOf, openIceberg, PEOPLE, seen } from '../support/iceberg.ts';

const paths = (...files: readonly DataFile[]) => files.map(({ path }) => path).toSorted();

/** A table with a file in October 2026 (month 681) and one in November. */
async function twoMonths(lake: Iceberg) {
  const empty = await lake.catalog.create(DAYS);
  const october = await fileAt(lake, lake.catalog, empty, 681);
  const november = await fileAt(lake, lake.catalog, empty, 682);
  const first = await lake.catalog.commit(empty, { removed: [], added: [october] });
  const table = await lake.catalog.commit(first, { removed: [], added: [november] });
  return { empty, first, table, october, november };
}

onAws((aws) => {
  test('what a commit adds and takes out is what the next one to load sees', async () => {
    const lake = await openIceberg(aws.connection);
    const { catalog } = lake;
    const { empty, table, october, november } = await twoMonths(lake);
    expect([empty.snapshotId, await catalog.files(empty)]).toEqual([null, []]);
    expect(await catalog.files(table, new Set([682]))).toEqual([november]);
    const nobody = await fileAt(lake, catalog, table, null);
    const better = await fileAt(lake, catalog, table, 682, 11);
    const last = await catalog.commit(table, { removed: [november], added: [better, nobody] });
    expect(await seen(lake.other(), 'days')).toEqual(paths(october, better, nobody));
    expect(await catalog.files(last, new Set([null]))).toEqual([nobody]);
    // Who loaded before goes on seeing what it loaded.
    expect(await catalog.files(table, new Set([682]))).toEqual([november]);
  });

  test('a snapshot says what it changed, what there is now and what came before it', async () => {
    const lake = await openIceberg(aws.connection);
    const { first, table, october, november } = await twoMonths(lake);
    const better = await fileAt(lake, lake.catalog, table, 682, 11);
    const last = await lake.catalog.commit(table, { removed: [october, november], added: [better] });
    const metadata = await lake.metadata('days');
    expect(metadata.snapshots.map((one) => one['parent-snapshot-id'])).toEqual(
      [undefined, first.snapshotId, table.snapshotId].map((id) => (id ? BigInt(id) : undefined)),
    );
    expect(metadata.snapshots.map((one) => one['sequence-number'])).toEqual([1, 2, 3]);
    expect(metadata['snapshot-log'].map((one) => String(one['snapshot-id']))).toEqual(
      [first, table, last].map(({ snapshotId }) => snapshotId),
    );
    expect(metadata.refs).toEqual({ main: { type: 'branch', 'snapshot-id': BigInt(last.snapshotId ?? 0) } });
    expect(metadata['last-sequence-number']).toBe(3);
    // Two files of 10 rows and 100 bytes out, one of 11 rows and 100 bytes in.
    expect(metadata.snapshots.at(-1)?.summary).toEqual({
      operation: 'overwrite',
      'added-data-files': '1',
      'added-records': '11',
      'added-files-size': '100',
      'deleted-data-files': '2',
      'deleted-records': '20',
      'removed-files-size': '200',
      'changed-partition-count': '2',
      'total-data-files': '1',
      'total-records': '11',
      'total-files-size': '100',
      'total-delete-files': '0',
      'total-position-deletes': '0',
      'total-equality-deletes': '0',
      'engine-name': 'wellspring',
    });
  });

  test('nothing in and nothing out is no commit', async () => {
    const lake = await openIceberg(aws.connection);
    const table = await lake.catalog.create(PEOPLE);
    const before = await lake.addresses();
    expect(await lake.catalog.commit(table, { removed: [], added: [] })).toBe(table);
    expect(await lake.addresses()).toEqual(before);
  });

  test('of two who loaded the same, the second is refused and nothing of it is seen', async () => {
    const lake = await openIceberg(aws.connection);
    const { table, october, november } = await twoMonths(lake);
    const [one, other] = [lake.other(), lake.other()];
    const [mine, theirs] = [await loadedOf(one, 'days'), await loadedOf(other, 'days')];
    const file = await fileAt(lake, one, mine, 683);
    await one.commit(mine, { removed: [], added: [file] });
    const conflict = { code: 'commit_conflict', remedy: expect.stringContaining('Load the table again') };
    await expect(other.commit(theirs, { removed: [october], added: [] })).rejects.toMatchObject(conflict);
    await expect(other.expire(theirs, Date.now() + 1000)).rejects.toMatchObject(conflict);
    expect(await seen(lake.other(), 'days')).toEqual(paths(october, november, file));
    expect(await lake.catalog.files(table)).toHaveLength(2);
  });

  test('a file that is not there cannot be taken out, nor can a table be committed to that was not loaded', async () => {
    const lake = await openIceberg(aws.connection);
    const { table, october } = await twoMonths(lake);
    const gone = { ...october, path: `${october.path}-none` };
    await expect(lake.catalog.commit(table, { removed: [gone], added: [] })).rejects.toMatchObject({
      code: 'file_unknown',
    });
    await expect(lake.catalog.commit({ ...table }, { removed: [october], added: [] })).rejects.toMatchObject({
      code: 'table_not_loaded',
    });
  });

  test('manifests that lose no file stay as they are', async () => {
    const lake = await openIceberg(aws.connection);
    const { table, november } = await twoMonths(lake);
    const manifests = async () =>
      (await lake.addresses('tables/days/metadata/')).filter((at) => at.endsWith('-m0.avro'));
    const before = await lake.manifests('days');
    expect(before).toHaveLength(2);
    await lake.catalog.commit(table, { removed: [november], added: [await fileAt(lake, lake.catalog, table, 682)] });
    const after = await lake.manifests('days');
    // That of October, and a new one; that of November is in older snapshots alone.
    expect(after.filter((one) => before.includes(one))).toHaveLength(1);
    expect(after).toHaveLength(2);
    expect(await manifests()).toHaveLength(3);
  });
});
