import { fieldsOf } from './columns.ts';
import type { TableShape } from './iceberg.ts';
import type { Metadata } from './metadata.ts';
import { specOf } from './partition.ts';

/** As the jobs set them (glue/wellspring/tables.py). */
const PROPERTIES = {
  'write.parquet.compression-codec': 'zstd',
  // Every commit writes all of a table's metadata anew: without an end that would soon be more than the rows.
  'write.metadata.delete-after-commit.enabled': 'true',
  'write.metadata.previous-versions-max': '20',
};

/** The metadata of a table before its first commit, as Spark writes it. */
export function metadataOf(
  shape: TableShape,
  { uuid, location, now }: { readonly uuid: string; readonly location: string; readonly now: number },
): Metadata {
  const fields = [...fieldsOf(shape.columns)];
  const spec = specOf(shape, fields);
  return {
    'format-version': 2,
    'table-uuid': uuid,
    location,
    'last-sequence-number': 0,
    'last-updated-ms': now,
    'last-column-id': fields.length,
    'current-schema-id': 0,
    schemas: [{ type: 'struct', 'schema-id': 0, fields }],
    'default-spec-id': 0,
    'partition-specs': [spec],
    // Iceberg counts from 1000, and says 999 where there is none.
    'last-partition-id': 999 + spec.fields.length,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: PROPERTIES,
    'current-snapshot-id': -1n,
    refs: {},
    snapshots: [],
    statistics: [],
    'partition-statistics': [],
    'snapshot-log': [],
    'metadata-log': [],
  };
}
