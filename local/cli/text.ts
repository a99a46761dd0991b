/** Columns under their names, aligned by spaces; numbers to the right, null as an empty cell. */
export function table(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const widths = columns.map((column, at) => Math.max(width(column), ...cells.map((row) => width(row[at] ?? ''))));
  const right = columns.map(
    (column) => rows.length > 0 && rows.every((row) => row[column] === null || typeof row[column] === 'number'),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const space = ' '.repeat((widths[at] ?? 0) - width(text));
        return right[at] ? space + text : text + space;
      })
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map((size) => '-'.repeat(size)).join('  '), ...cells.map(line)].join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.replace(/[\r\n\t]+/g, ' ');
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}

const segments = new Intl.Segmenter('en');

/** Characters as a person counts them. */
function width(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...segments.segment(text)].length;
}
