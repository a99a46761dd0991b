import { PortError } from '../errors.ts';
import type { TableShape } from './iceberg.ts';
import type { Field, Metadata, Spec } from './metadata.ts';
import { murmur3 } from './murmur3.ts';

/** What a table's rows are put apart by. */
export interface Partition {
  readonly by: 'month' | 'bucket';
  readonly column: string;
}

const BUCKETS = 8;
const FIRST_ID = 1000;
const TRANSFORMS = { month: 'month', bucket: `bucket[${BUCKETS}]` } as const;

/** The month of a date as `2026-11-22`, counted from January 1970, which is 0. */
export function monthOf(date: string): number {
  const [, year, month] = /^(\d{4})-(\d{2})-\d{2}$/.exec(date) ?? [];
  if (year === undefined) throw new PortError('invalid_date', 'A partition was asked of what is no date.');
  return (Number(year) - 1970) * 12 + Number(month) - 1;
}

/** Which of eight buckets a text falls into. */
export function bucketOf(value: string): number {
  return (murmur3(Buffer.from(value)) & 0x7fffffff) % BUCKETS;
}

/** How the jobs put apart the rows of a new table, by the ids of its columns. */
export function specOf(shape: TableShape, fields: readonly Field[]): Spec {
  const byMonth = 'local_date' in shape.columns;
  const column = byMonth ? 'local_date' : shape.partition;
  const source = fields.find(({ name }) => name === column);
  if (source === undefined) return { 'spec-id': 0, fields: [] };
  const by = byMonth ? 'month' : 'bucket';
  const field = { name: `${source.name}_${by}`, transform: TRANSFORMS[by], 'source-id': source.id };
  return { 'spec-id': 0, fields: [{ ...field, 'field-id': FIRST_ID }] };
}

/** What new files of a table are put apart by; `table_unsupported` for any way but the jobs' own. */
export function partitionOf(metadata: Metadata, fields: readonly Field[]): Partition | null {
  const [field, ...more] = currentSpec(metadata).fields;
  if (field === undefined) return null;
  const column = fields.find(({ id }) => id === field['source-id'])?.name;
  const by = (['month', 'bucket'] as const).find((one) => TRANSFORMS[one] === field.transform);
  if (column === undefined || by === undefined || more.length > 0) {
    throw new PortError('table_unsupported', 'A table is partitioned in a way the small engine does not know.', {
      remedy: `Give it the partition its .yml says (months of local_date or ${BUCKETS} buckets), or set engine to spark.`,
    });
  }
  return { by, column };
}

/** The spec new files are written by. */
export function currentSpec(metadata: Metadata): Spec {
  const spec = metadata['partition-specs'].find((one) => one['spec-id'] === metadata['default-spec-id']);
  return spec ?? { 'spec-id': metadata['default-spec-id'], fields: [] };
}

/** The folder of a partition as other writers call it: `local_date_month=2026-11`, `user_id_bucket=3`. */
export function folderOf({ by, column }: Partition, value: number | null): string {
  return `${column}_${by}=${value !== null && by === 'month' ? monthText(value) : String(value)}`;
}

function monthText(count: number): string {
  const month = count - Math.floor(count / 12) * 12 + 1;
  return `${1970 + Math.floor(count / 12)}-${String(month).padStart(2, '0')}`;
}
