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

/** The way through these members of JSON objects as a DuckDB path, whatever their characters. */
export function jsonPath(names: readonly string[]): string {
  return `$${names.map((name) => `."${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join('')}`;
}

/** The same way as an RFC 6901 pointer. */
export function pointerTo(names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
