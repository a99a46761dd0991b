import { PortError } from '../errors.ts';
import type { Cell } from './warehouse.ts';

const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'int', 'integer', 'bigint']);
const NUMBERS: ReadonlySet<string> = new Set(['real', 'float', 'double', 'decimal']);

// `2026-01-01 01:30:00.000000 UTC`: Iceberg's instants come with the zone's name, plain timestamps without one.
const INSTANT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?: (.+))?$/;
const OFFSET = /^[+-]\d\d:\d\d$/;

function instant(text: string): string {
  const [, day, time, fraction = '', zone = 'UTC'] = INSTANT.exec(text) ?? [];
  const offset = zone === 'UTC' ? 'Z' : OFFSET.test(zone) ? zone : undefined;
  if (day === undefined || offset === undefined) {
    throw new PortError('unreadable_answer', 'Athena gave an instant that is not told in UTC or by an offset.', {
      remedy: `Ask for it with at time zone 'UTC'.`,
    });
  }
  return new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`).toISOString();
}

/** A value as Athena writes it (`undefined`: null), of a column of that Athena type, as the port's cell. */
export function athenaCell(type: string, text: string | undefined): Cell {
  if (text === undefined) return null;
  const name = type.replace(/\(.*?\)/, '').toLowerCase();
  if (name === 'boolean') return text === 'true';
  if (INTEGERS.has(name)) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  // NaN and the infinities are none.
  if (NUMBERS.has(name)) return Number.isFinite(Number(text)) ? Number(text) : null;
  if (name.startsWith('timestamp')) return instant(text);
  return text;
}
