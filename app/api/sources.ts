import type { Range, Readings } from '../../ports/readings/readings.ts';
import type { NamedQuery, Row, Warehouse } from '../../ports/warehouse/warehouse.ts';
import { dayOf, textOf } from '../cells.ts';
import type { RowSource } from './page.ts';

/** Pages rows a `Readings` method gives for a person, by day and then by the columns that complete the grain. */
export function fromReadings(
  read: (readings: Readings, range: Range) => Promise<readonly Row[]>,
  grain: readonly string[],
  keep: (row: Row) => boolean = () => true,
): (runtime: { readonly readings: Readings }) => RowSource {
  return (runtime) => async (request) => {
    const { userId, to, metric, after, limit } = request;
    const resumed = after.slice(0, 10);
    const from = resumed > request.from ? resumed : request.from;
    const rows = await read(runtime.readings, { userId, from, to, ...(metric === undefined ? {} : { metric }) });
    return rows
      .filter(keep)
      .map((row) => ({ key: [dayOf(row), ...grain.map((column) => textOf(row[column]))].join('|'), row }))
      .filter(({ key }) => key > after)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  };
}

/** Pages a named query that takes `$user`, `$from`, `$to`, `$metric`, `$after`, `$limit` and gives `page_key` and `place` beside the columns; `tell` says how a row is shown. */
export function fromWarehouse(
  query: NamedQuery,
  tell: (row: Row) => Row = (row) => row,
): (runtime: { readonly warehouse: Warehouse }) => RowSource {
  return (runtime) => async (request) => {
    const { userId, from, to, metric, after, limit } = request;
    const rows = await runtime.warehouse.run(query, { user: userId, from, to, metric: metric ?? '', after, limit });
    return rows.map(({ page_key: key, place: _place, ...row }) => ({ key: textOf(key), row: tell(row) }));
  };
}
