// ports/iceberg/iceberg.ts: the seam between the small engine and the Iceberg v2 tables of the Glue catalog.
// Drivers: ports/iceberg/glue.ts (the real one; moto in tests). Partition transforms are exactly those glue/wellspring/tables.py makes:
// months(local_date) where there is a local_date, bucket(8, user_id|account) where the model says a partition, none otherwise.

/** As the `.yml` files of models say types; `timestamp` is Iceberg's timestamptz (Spark's timestamp). */
export type ColumnType = 'text' | 'double' | 'bigint' | 'int' | 'date' | 'timestamp' | 'boolean';

export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The column whose rows are spread over eight buckets; ignored where there is a `local_date`. */
  readonly partition?: 'user_id' | 'account' | undefined;
}

export interface DataFile {
  /** An address `s3://bucket/key`. */
  readonly path: string;
  /** Months since 1970-01 or the bucket; null without a partition or for rows without a value. */
  readonly partition: number | null;
  readonly rows: number;
  readonly bytes: number;
}

/** A table as of the moment it was loaded. */
export interface IcebergTable {
  readonly name: string;
  /** `s3://bucket/prefix`, without a slash at the end. */
  readonly location: string;
  /** Columns in the table's order, also those no model knows any more or yet, with their Iceberg field ids. */
  readonly columns: readonly { readonly id: number; readonly name: string; readonly type: ColumnType }[];
  readonly partition: { readonly by: 'month' | 'bucket'; readonly column: string } | null;
  /** 63 bits as text; null before the first commit. */
  readonly snapshotId: string | null;
}

export interface IcebergCatalog {
  names(): Promise<readonly string[]>;
  load(name: string): Promise<IcebergTable | undefined>;
  /** Makes the table, or adds the columns it lacks; answers it as it stands. */
  create(shape: TableShape): Promise<IcebergTable>;
  /** The live data files of the loaded snapshot, all or those of some partitions. `table_has_deletes` where delete files lie beside them. */
  files(table: IcebergTable, partitions?: ReadonlySet<number | null>): Promise<readonly DataFile[]>;
  /** An address for a new data file of a partition; the caller writes it (Parquet, zstd, `field_ids` of `columns`) before the commit. */
  place(table: IcebergTable, partition: number | null): string;
  /** One atomic switch of the table: these files out, these in. `commit_conflict` when somebody committed since it was loaded. */
  commit(
    table: IcebergTable,
    change: { readonly removed: readonly DataFile[]; readonly added: readonly DataFile[] },
  ): Promise<IcebergTable>;
  /** Forgets snapshots that were replaced before `before` (Unix ms), and deletes what only they name. Answers the files deleted. */
  expire(table: IcebergTable, before: number): Promise<number>;
  /** Deletes files below the table's location that no snapshot names and that are older than `before` (Unix ms): left by killed runs. */
  sweep(table: IcebergTable, before: number): Promise<number>;
}

export { bucketOf, monthOf } from './partition.ts';
