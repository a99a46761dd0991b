import { createHash } from 'node:crypto';
import { PortError } from '../errors.ts';
import type { Cell, Row } from '../warehouse/warehouse.ts';
import type { ReadingsTable } from './readings.ts';

/** How the rows of a table are told apart and ordered within a day. */
interface Shape {
  /** What tells a row from the others of its person and, where `dated`, day; there is one a day without it. */
  readonly key?: string;
  /** Whether the local day is part of what tells rows apart; else a row can move to another day. */
  readonly dated: boolean;
  readonly order: readonly string[];
  /** The column a range's `metric` is compared with. */
  readonly metric?: string;
}

export const SHAPES: Readonly<Record<ReadingsTable, Shape>> = {
  daily_metrics: { key: 'metric', dated: true, order: ['metric'], metric: 'metric' },
  sleep_sessions: { key: 'session_id', dated: false, order: ['start_utc', 'session_id'] },
  workouts: { key: 'workout_id', dated: false, order: ['start_utc', 'workout_id'] },
  meals: { key: 'meal', dated: true, order: ['meal'] },
  scores: { key: 'name', dated: true, order: ['name'], metric: 'name' },
  baselines_daily: { key: 'metric', dated: true, order: ['metric'], metric: 'metric' },
  anomalies: { key: 'metric', dated: true, order: ['metric'], metric: 'metric' },
  readiness_daily: { dated: true, order: [] },
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The partition of a person's readings, in the table of the state. */
export function partitionOf(userId: string): string {
  return `reading#${userId}`;
}

/** The sort key of a row: table, day, and what tells it from the others, as a hash where it is long. */
export function idOf(table: ReadingsTable, row: Row): string {
  const day = textIn(row, 'local_date');
  if (!DAY.test(day)) throw unusable(table, 'local_date');
  return `${table}#${day}#${tailOf(table, row)}`;
}

/** The end of the sort key, the same on whatever day the row is. */
export function tailOf(table: ReadingsTable, row: Row): string {
  const { key } = SHAPES[table];
  if (key === undefined) return '';
  const tail = textIn(row, key);
  if (tail === '') throw unusable(table, key);
  // A sort key takes 1,024 bytes, and what people name their meals may be longer.
  return Buffer.byteLength(tail) <= 256 ? tail : createHash('sha256').update(tail).digest('hex');
}

/** The table and the tail of a sort key made by `idOf`. */
export function placeIn(id: string): { readonly table: ReadingsTable; readonly tail: string } {
  const [table, , ...tail] = id.split('#');
  if (!isTable(table)) throw new PortError('invalid_reading', 'A stored reading has a key of no table.');
  return { table, tail: tail.join('#') };
}

function isTable(name: string | undefined): name is ReadingsTable {
  return name !== undefined && Object.hasOwn(SHAPES, name);
}

export function userOf(table: ReadingsTable, row: Row): string {
  const userId = textIn(row, 'user_id');
  if (userId === '') throw unusable(table, 'user_id');
  return userId;
}

/** The order the marts' readers give: by day, then by the table's own columns, nulls last. */
export function inOrder(table: ReadingsTable): (a: Row, b: Row) => number {
  const columns = ['local_date', ...SHAPES[table].order];
  return (a, b) => {
    for (const column of columns) {
      const order = byCell(a[column] ?? null, b[column] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function byCell(a: Cell, b: Cell): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function textIn(row: Row, column: string): string {
  const cell = row[column];
  return typeof cell === 'string' ? cell : '';
}

/** Names the column, never a value. */
function unusable(table: ReadingsTable, column: string): PortError {
  return new PortError('invalid_reading', `A row of ${table} has no usable ${column}.`);
}
