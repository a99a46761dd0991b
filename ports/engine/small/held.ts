import type { DataFile, IcebergTable } from '../../iceberg/iceberg.ts';
import { emptySelect } from '../duckdb/source.ts';
import { duckdbType } from '../duckdb/spec.ts';
import { identifier, literal } from '../duckdb/sql.ts';
import type { Layout } from './layout.ts';

/** A data file and where its copy lies on this machine. */
export interface LocalFile extends DataFile {
  readonly local: string;
}

/** A table as of the moment it was loaded, with copies of its files. */
export interface Held {
  readonly layout: Layout;
  readonly table: IcebergTable;
  readonly files: readonly LocalFile[];
}

/**
 * A select of all columns of a table from these of its files. Columns are found by their ids, so that one renamed or added since a file was
 * written is there; instants come as the models write them, UTC without a zone.
 */
export function selectOf({ table, files }: Held, wanted: readonly LocalFile[] = files): string {
  if (wanted.length === 0) {
    return emptySelect(table.columns.map(({ name, type }) => ({ name, type: duckdbType(type) })));
  }
  const list = wanted.map(({ local }) => literal(local)).join(', ');
  const schema = table.columns.map(({ id, name, type }) => {
    const stored = type === 'timestamp' ? 'TIMESTAMP WITH TIME ZONE' : duckdbType(type);
    return `${id}: {name: ${literal(name)}, type: ${literal(stored)}, default_value: null}`;
  });
  const cells = table.columns.map(({ name, type }) =>
    type === 'timestamp' ? `timezone('UTC', ${identifier(name)}) as ${identifier(name)}` : identifier(name),
  );
  return `select ${cells.join(', ')} from read_parquet([${list}], schema = map {${schema.join(', ')}})`;
}
