import type { Engine, Result } from './engine.ts';
import type { Taken } from './taken.ts';

/** One engine over one batch. */
export interface Row {
  readonly engine: Engine;
  readonly result: Result;
}

const HEADER = ['engine', 'rows/s', 'peak MB', 'seconds', 'processor s', '$ a batch', 'x bare', 'x bare processor'];
const WIDTHS = [12, 10, 8, 9, 12, 11, 8, 17];

const lineOf = (cells: readonly string[]): string =>
  cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[at] ?? 0))).join('');

/** Three figures, whatever the size; `-` for none. */
const figure = (value: number | undefined): string =>
  value === undefined ? '-' : value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(value < 1 ? 2 : 3)));

function cellsOf({ engine, result }: Row, rows: readonly Row[], records: number): string {
  if ('why' in result) return `${engine.name.padEnd(WIDTHS[0] ?? 0)}  ${result.why}`;
  const { cost, usd } = result;
  const beside = rows.find((row) => row.engine === engine.bare)?.result;
  const bare = beside !== undefined && 'cost' in beside ? beside.cost : undefined;
  const times = (of: 'seconds' | 'processorSeconds') => (bare === undefined ? undefined : cost[of] / bare[of]);
  const { seconds, processorSeconds, peakMb } = cost;
  return lineOf([
    engine.name,
    figure(records / seconds),
    figure(peakMb),
    figure(seconds),
    figure(processorSeconds),
    usd === undefined ? '-' : usd.toPrecision(2),
    figure(times('seconds')),
    figure(times('processorSeconds')),
  ]);
}

/** The table of one batch, as text. */
export function tableOf({ keys, rows: records, bytes }: Taken, rows: readonly Row[]): string {
  const title = `${keys.length} objects, ${records} rows in them, ${(bytes / 1e6).toFixed(2)} MB: the first batch of an empty stack`;
  return [title, lineOf(HEADER), ...rows.map((row) => cellsOf(row, rows, records)), ''].join('\n');
}
