import type { Cell } from '../../ports/warehouse/warehouse.ts';

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'varchar',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  // What DuckDB adds up whole numbers to; Trino stays with bigint.
  HUGEINT: 'bigint',
  DOUBLE: 'double',
  DATE: 'date',
  // Spark's instants are Iceberg's timestamptz.
  TIMESTAMP: 'timestamp with time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  BOOLEAN: 'boolean',
  '"NULL"': 'unknown',
};

/** The Athena type of a DuckDB type; throws for one the tables do not have. */
export function athenaType(duckdb: string): string {
  const type = TYPES[duckdb];
  if (type === undefined) throw new Error(`${duckdb} is no type of our tables.`);
  return type;
}

/** A cell as Athena writes it; undefined for null. */
export function athenaText(type: string, cell: Cell): string | undefined {
  if (cell === null) return undefined;
  if (type.startsWith('timestamp')) return `${String(cell).replace('T', ' ').replace('Z', '')}000 UTC`;
  // Java writes 10.0 and 1.0E7.
  if (type !== 'double') return String(cell);
  const written = Math.abs(Number(cell)) >= 1e7 ? Number(cell).toExponential().replace('e+', 'E') : String(cell);
  return /[.]/.test(written) ? written : written.replace(/^(-?\d+)/, '$1.0');
}
