import { CsvError, parse } from 'csv-parse/sync';

/** One data row: the line it ends on, and its cells by column name, the text unchanged. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export type CsvTable =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly remedy: string };

interface Line {
  readonly record: readonly string[];
  readonly line: number;
}

const AGAIN = 'Export the file again and import it as it was downloaded.';

/** Reads a CSV with a header row: UTF-8 with or without byte-order mark, CRLF or LF; blank lines are skipped. */
export function readCsv(bytes: Uint8Array): CsvTable {
  const text = decode(bytes);
  if (text === undefined) return refuse('bad_encoding', 'The file is not UTF-8 text.');
  const file = split(text);
  if (!file.ok) return refuse('bad_csv', file.detail);
  const [header, ...body] = file.lines;
  if (header === undefined) return refuse('empty_file', 'The file holds no header row.');
  const columns = header.record.map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return refuse('duplicate_column', `The column "${twice}" is there twice.`);
  const uneven = body.find(({ record }) => record.length !== columns.length);
  if (uneven !== undefined) {
    const counts = `has ${uneven.record.length} cells, the header has ${columns.length}`;
    return refuse('row_width', `Line ${uneven.line} ${counts}.`);
  }
  return { ok: true, columns, rows: body.map((line) => row(columns, line)) };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

type Split = { readonly ok: true; readonly lines: readonly Line[] } | { readonly ok: false; readonly detail: string };

function split(text: string): Split {
  const lines: Line[] = [];
  try {
    parse(text, {
      // All three are named because detection looks at the first line end only, and hand-edited files mix them.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines: line }) => {
        lines.push({ record, line });
        return null;
      },
    });
    return { ok: true, lines };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its own message quotes cells, so only its code and line are passed on.
    return { ok: false, detail: `Line ${String(error['lines'])} is not CSV: ${error.code}.` };
  }
}

function row(columns: readonly string[], line: Line): CsvRow {
  const cells = Object.fromEntries(columns.map((name, index) => [name, line.record[index] ?? '']));
  return { line: line.line, cells };
}

function refuse(code: string, detail: string): CsvTable {
  return { ok: false, code, detail, remedy: AGAIN };
}
