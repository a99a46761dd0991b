// The Avro schemas of manifests and of their lists, with the names and ids of https://iceberg.apache.org/spec/#manifests (version 2).
import type { Spec } from './metadata.ts';

const field = (id: number, name: string, type: unknown) => ({ name, type, 'field-id': id });
const optional = (id: number, name: string, type: unknown) => ({
  ...field(id, name, ['null', type]),
  default: null,
});
const listOf = (id: number, items: unknown) => ({ type: 'array', items, 'element-id': id });

/** A map with keys that are no texts: Avro has none, so it is a list of pairs. */
const mapOf = (keyId: number, valueId: number, type: string) => {
  const fields = [field(keyId, 'key', 'int'), field(valueId, 'value', type)];
  return {
    type: 'array',
    items: { type: 'record', name: `k${keyId}_v${valueId}`, fields },
    logicalType: 'map',
  };
};

const summary = {
  type: 'record',
  name: 'r508',
  fields: [
    field(509, 'contains_null', 'boolean'),
    optional(518, 'contains_nan', 'boolean'),
    optional(510, 'lower_bound', 'bytes'),
    optional(511, 'upper_bound', 'bytes'),
  ],
};

const counts = [
  field(504, 'added_files_count', 'int'),
  field(505, 'existing_files_count', 'int'),
  field(506, 'deleted_files_count', 'int'),
  field(512, 'added_rows_count', 'long'),
  field(513, 'existing_rows_count', 'long'),
  field(514, 'deleted_rows_count', 'long'),
];

/** A list names the manifests of one snapshot. */
export const LIST = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    field(500, 'manifest_path', 'string'),
    field(501, 'manifest_length', 'long'),
    field(502, 'partition_spec_id', 'int'),
    field(517, 'content', 'int'),
    field(515, 'sequence_number', 'long'),
    field(516, 'min_sequence_number', 'long'),
    field(503, 'added_snapshot_id', 'long'),
    ...counts,
    optional(507, 'partitions', listOf(508, summary)),
    optional(519, 'key_metadata', 'bytes'),
  ],
};

const statistics = [
  optional(108, 'column_sizes', mapOf(117, 118, 'long')),
  optional(109, 'value_counts', mapOf(119, 120, 'long')),
  optional(110, 'null_value_counts', mapOf(121, 122, 'long')),
  optional(137, 'nan_value_counts', mapOf(138, 139, 'long')),
  optional(125, 'lower_bounds', mapOf(126, 127, 'bytes')),
  optional(128, 'upper_bounds', mapOf(129, 130, 'bytes')),
  optional(131, 'key_metadata', 'bytes'),
  optional(132, 'split_offsets', listOf(133, 'long')),
  optional(135, 'equality_ids', listOf(136, 'int')),
  optional(140, 'sort_order_id', 'int'),
];

/** A manifest names data files; what it says of their partition depends on the spec. Months and buckets are both numbers. */
export function manifestOf(spec: Spec): object {
  const partition = spec.fields.map((one) => optional(one['field-id'], one.name, 'int'));
  const file = [
    field(134, 'content', 'int'),
    field(100, 'file_path', 'string'),
    field(101, 'file_format', 'string'),
    field(102, 'partition', { type: 'record', name: 'r102', fields: partition }),
    field(103, 'record_count', 'long'),
    field(104, 'file_size_in_bytes', 'long'),
    ...statistics,
  ];
  return {
    type: 'record',
    name: 'manifest_entry',
    fields: [
      field(0, 'status', 'int'),
      optional(1, 'snapshot_id', 'long'),
      optional(3, 'sequence_number', 'long'),
      optional(4, 'file_sequence_number', 'long'),
      field(2, 'data_file', { type: 'record', name: 'r2', fields: file }),
    ],
  };
}
