/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A list of texts as a SQL `in` list; an empty list matches nothing. */
export function inList(texts: Iterable<string>): string {
  const items = [...texts].map(literal);
  return items.length === 0 ? '(null)' : `(${items.join(', ')})`;
}

/** The member `name` of a JSON object as a DuckDB path, whatever its characters. */
export function member(name: string): string {
  return `."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
