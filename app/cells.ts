import type { Cell, Row } from '../ports/warehouse/warehouse.ts';

/** A cell as a finite number; null when it is missing or something else. Zero is a number. */
export function numberOf(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'string' || cell.trim() === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}

/** A cell as text; the empty string when it is missing. */
export function textOf(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell);
}

/** An instant cell as Unix ms; null when it is missing. */
export function instantOf(cell: Cell | undefined): number | null {
  const ms = Date.parse(textOf(cell));
  return Number.isNaN(ms) ? null : ms;
}

/** The local date of a mart row, `YYYY-MM-DD`. */
export function dayOf(row: Row): string {
  return textOf(row['local_date']).slice(0, 10);
}
