import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell } from './warehouse.ts';

const instant = (micros: bigint): string => new Date(Number(micros / 1000n)).toISOString();

/** A DuckDB value as a cell: dates `YYYY-MM-DD`, instants ISO 8601 UTC (ms), integers beyond 2^53 and nested values text. */
export function toCell(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return instant(value.micros);
  if (value instanceof DuckDBTimestampMillisecondsValue) return instant(value.millis * 1000n);
  if (value instanceof DuckDBTimestampSecondsValue) return instant(value.seconds * 1_000_000n);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBBlobValue) return value.toString();
  if (value instanceof DuckDBListValue) return JSON.stringify(value.items.map(toCell));
  if (value instanceof DuckDBStructValue) {
    return JSON.stringify(Object.fromEntries(Object.entries(value.entries).map(([k, v]) => [k, toCell(v)])));
  }
  return String(value);
}
