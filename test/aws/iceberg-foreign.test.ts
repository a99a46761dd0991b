import { CreateTableCommand } from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import { currentSnapshot, type Metadata } from '../../ports/iceberg/metadata.ts';
import { printList, readManifests } from '../../ports/iceberg/manifests.ts';
import { onAws } from '../support/aws.ts';
import { DAYS, fileAt, loadedOf, openIceberg, PLAIN } from '../support/iceberg.ts';

const withField = (metadata: Metadata, type: unknown) => ({
  ...metadata,
  'last-column-id': 4,
  schemas: metadata.schemas.map((one) => ({
    ...one,
    fields: [...one.fields, { id: 4, name: 'extra', required: false, type }],
  })),
});

onAws((aws) => {
  async function opened() {
    const lake = await openIceberg(aws.connection);
    const table = await lake.catalog.create(DAYS);
    await lake.catalog.commit(table, { removed: [], added: [await fileAt(lake, lake.catalog, table, 682)] });
    return lake;
  }
  test.each([
    ['decimal(10,2)'],
    ['timestamp'],
    ['float'],
    [{ type: 'list', 'element-id': 5, element: 'string', 'element-required': false }],
    [{ type: 'struct', fields: [{ id: 5, name: 'a', required: false, type: 'int' }] }],
  ])('a column of the type %j is refused, not lost', async (type) => {
    const lake = await opened();
    await lake.edit('days', (metadata) => withField(metadata, type));
    await expect(lake.catalog.load('days')).rejects.toMatchObject({
      code: 'column_unsupported',
      message: 'The column extra of days has a type the small engine cannot carry.',
      remedy: expect.stringContaining('drop column extra'),
    });
  });

  test('what the writer does not know in the metadata is as it was after a commit', async () => {
    const lake = await opened();
    const order = {
      'order-id': 1,
      fields: [{ transform: 'identity', 'source-id': 1, direction: 'asc', 'null-order': 'nulls-first' }],
    };
    const foreign = {
      'default-sort-order-id': 1,
      'sort-orders': [{ 'order-id': 0, fields: [] }, order],
      'something-new': { id: 9_007_199_254_740_993n, text: 'n: 9007199254740993, "#1"', share: 0.1234567890123456 },
      properties: { 'write.target-file-size-bytes': '1', comment: 'é "quoted" 12345678901234567' },
      statistics: [{ 'snapshot-id': 1n, 'statistics-path': 's3://none/stats', 'blob-metadata': [{ type: 'x' }] }],
    };
    await lake.edit('days', (metadata) => ({ ...metadata, ...foreign }));
    const table = await loadedOf(lake.catalog, 'days');
    await lake.catalog.commit(table, { removed: [], added: [await fileAt(lake, lake.catalog, table, 681)] });
    expect(await lake.metadata('days')).toMatchObject(foreign);
    expect(await lake.text(await lake.address('days'))).toContain('"id":9007199254740993,');
  });

  test('a column that is new comes behind the others, and another type is refused', async () => {
    const lake = await opened();
    const columns = { ...DAYS.columns, told: 'text', n: 'bigint' } as const;
    const grown = await lake.catalog.create({ ...DAYS, columns });
    expect(grown.columns.map(({ id, name, type }) => [id, name, type])).toEqual([
      [1, 'user_id', 'text'],
      [2, 'local_date', 'date'],
      [3, 'value', 'double'],
      [4, 'told', 'text'],
      [5, 'n', 'bigint'],
    ]);
    const { schemas, ...metadata } = await lake.metadata('days');
    expect([schemas.length, metadata['current-schema-id'], metadata['last-column-id']]).toEqual([2, 1, 5]);
    expect(await lake.catalog.files(grown)).toHaveLength(1);
    const at = await lake.address('days');
    // A column no model knows stays, and nothing is written where nothing is lacking.
    expect((await lake.catalog.create(DAYS)).columns).toHaveLength(5);
    expect(await lake.address('days')).toBe(at);
    const other = { ...DAYS, columns: { ...DAYS.columns, value: 'text' } } as const;
    await expect(lake.catalog.create(other)).rejects.toMatchObject({ code: 'schema_mismatch' });
  });

  test('a table with files of deletions is refused with what to do, and read again once they are gone', async () => {
    const lake = await opened();
    const snapshot = currentSnapshot(await lake.metadata('days'));
    if (snapshot === undefined) throw new Error('There is no snapshot.');
    const manifests = await readManifests(lake.storage, snapshot);
    const list = { id: snapshot['snapshot-id'], parent: undefined, sequence: 1 };
    const deletes = manifests.map((one) => ({ ...one, content: 1 }));
    await lake.put(snapshot['manifest-list'], printList(list, [...manifests, ...deletes]));
    const table = await loadedOf(lake.catalog, 'days');
    const refused = { code: 'table_has_deletes', remedy: expect.stringContaining('optimize days') };
    await expect(lake.catalog.files(table)).rejects.toMatchObject(refused);
    const added = [await fileAt(lake, lake.catalog, table, 681)];
    await expect(lake.catalog.commit(table, { removed: [], added })).rejects.toMatchObject(refused);
    const spent = deletes.map((one) => ({ ...one, added_files_count: 0 }));
    await lake.put(snapshot['manifest-list'], printList(list, [...manifests, ...spent]));
    expect(await lake.catalog.files(table)).toHaveLength(1);
  });

  test.each([
    ['another version', { 'format-version': 3 }, 'metadata'],
    [
      'buckets of another number',
      { fields: [{ name: 'b', transform: 'bucket[16]', 'source-id': 1, 'field-id': 1000 }] },
      'spec',
    ],
    ['days', { fields: [{ name: 'd', transform: 'day', 'source-id': 2, 'field-id': 1000 }] }, 'spec'],
  ])('a table of %s is refused', async (_, change, where) => {
    const lake = await opened();
    await lake.edit('days', (metadata) =>
      where === 'metadata'
        ? { ...metadata, ...change }
        : { ...metadata, 'partition-specs': [{ 'spec-id': 0, ...change }] },
    );
    await expect(lake.catalog.load('days')).rejects.toMatchObject({
      code: 'table_unsupported',
      remedy: expect.stringContaining('engine'),
    });
  });

  test('files of an earlier partition are refused', async () => {
    const lake = await opened();
    await lake.edit('days', (metadata) => ({
      ...metadata,
      'default-spec-id': 1,
      'partition-specs': [...metadata['partition-specs'], { 'spec-id': 1, fields: [] }],
    }));
    const table = await lake.catalog.load('days');
    expect(table?.partition).toBeNull();
    if (table) await expect(lake.catalog.files(table)).rejects.toMatchObject({ code: 'table_unsupported' });
  });

  test('other tables and views of the database are none of ours', async () => {
    const lake = await opened();
    const { glue, database } = lake;
    await glue.send(
      new CreateTableCommand({ DatabaseName: database, TableInput: { Name: 'raw_json', TableType: 'EXTERNAL_TABLE' } }),
    );
    await lake.catalog.create(PLAIN);
    expect((await lake.catalog.names()).toSorted()).toEqual(['days', 'plain']);
    await expect(lake.catalog.load('raw_json')).rejects.toMatchObject({ code: 'table_unsupported' });
    expect(await lake.catalog.load('none')).toBeUndefined();
  });
});
