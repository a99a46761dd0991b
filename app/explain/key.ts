import type { Row } from '../../ports/warehouse/warehouse.ts';
import { textOf } from '../cells.ts';
import { isDay } from '../days.ts';
import { WellspringError } from '../errors.ts';
import type { ColumnType, Table } from '../lineage.ts';

/** `col=value,…` by column; a comma belongs to the value unless a name and `=` follow it. */
export function readKey(text: string): Readonly<Record<string, string>> {
  const parts = text.split(/,(?=\s*[a-z][a-z0-9_]*=)/).map((part) => part.trim());
  return Object.fromEntries(
    parts.map((part) => {
      const end = part.indexOf('=');
      return end < 0 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}

/** The key that leads to a row, as `--key` and `key=` take it. */
export function keyText(key: Row): string {
  return Object.entries(key)
    .map(([column, cell]) => `${column}=${textOf(cell)}`)
    .join(',');
}

/** The columns of a row that name it. */
export function keyOf(table: Table, row: Row): Row {
  return Object.fromEntries(table.grain.map((column) => [column, row[column] ?? null]));
}

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$/;

const readable: Readonly<Record<ColumnType, (text: string) => boolean>> = {
  text: (text) => text.length <= 1000,
  date: isDay,
  timestamp: (text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)),
  int: (text) => /^-?\d{1,9}$/.test(text),
  bigint: (text) => /^-?\d{1,18}$/.test(text),
  double: (text) => /^-?\d{1,15}(\.\d{1,15})?$/.test(text),
  boolean: (text) => text === 'true' || text === 'false',
};

const kinds: Readonly<Record<ColumnType, string>> = {
  text: 'a text of at most 1,000 characters',
  date: 'a day that exists, YYYY-MM-DD',
  timestamp: 'an instant such as 2026-03-02T09:00:00Z',
  int: 'a whole number',
  bigint: 'a whole number',
  double: 'a number',
  boolean: 'true or false',
};

function faultOf(table: Table, key: Readonly<Record<string, string>>): string | undefined {
  const missing = table.grain.filter((column) => key[column] === undefined);
  if (missing.length > 0) return `${missing.join(', ')} is missing.`;
  const hasOwner = table.columns['user_id'] !== undefined;
  // Whose row it is may be said of every table that knows.
  const strange = Object.keys(key).filter(
    (column) => !table.grain.includes(column) && !(column === 'user_id' && hasOwner),
  );
  if (strange.length > 0) return `${strange.join(', ')} does not name a row of it.`;
  const unreadable = Object.entries(key).find(([column, text]) => !readable[table.columns[column] ?? 'text'](text));
  return unreadable && `${unreadable[0]} must be ${kinds[table.columns[unreadable[0]] ?? 'text']}.`;
}

/** Throws `bad_key` (400, exit 2), which names the columns of the grain, unless the key names one row of the table. */
export function checkKey(table: Table, key: Readonly<Record<string, string>>): void {
  const fault = faultOf(table, key);
  if (fault === undefined) return;
  throw new WellspringError({
    code: 'bad_key',
    message: `That is no key of ${table.name}.`,
    detail: `A row of ${table.name} is named by ${table.grain.join(', ')}. ${fault}`,
    remedy: `Write it as ${table.grain.map((column) => `${column}=…`).join(',')}.`,
    status: 400,
    exit: 2,
  });
}
