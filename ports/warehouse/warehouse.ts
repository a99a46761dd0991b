/** A cell: dates are `YYYY-MM-DD`, instants ISO 8601 in UTC, integers beyond 2^53 text. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
}

/**
 * A query that code names and requests only parameterise: `sql` over the marts, in what DuckDB and Trino read alike, with `$name` placeholders
 * in `where` alone (Athena takes them nowhere else). Each placeholder needs a value, and each value a placeholder.
 */
export interface NamedQuery {
  readonly name: string;
  readonly sql: string;
}

/** Runs named queries over the published marts. No table of an answer is seen in the middle of a batch; what holds for several is said by the driver. */
export interface Warehouse {
  run(query: NamedQuery, parameters?: Readonly<Record<string, Cell>>): Promise<readonly Row[]>;
}

/** Free read-only SQL for a person at their own machine; never reachable from a request. */
export interface Console {
  query(sql: string): Promise<Table>;
}
