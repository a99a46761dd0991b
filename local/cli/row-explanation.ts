import * as z from 'zod';
import { keyText } from '../../app/explain/key.ts';

const cells = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The shape of contract 10 for a row of any table, as a server or the use-case answers it; further fields are kept. */
export const rowExplanation = z.looseObject({
  table: z.string(),
  key: cells,
  row: cells,
  reason: z.string().nullable(),
  made_from: z.array(
    z.looseObject({
      table: z.string(),
      rows: z.array(z.looseObject({ key: cells.nullable(), row: cells })),
      total: z.number(),
    }),
  ),
  evidence: z.array(
    z.looseObject({ raw_key: z.string(), pointer: z.string(), text: z.string(), received_at: z.string() }),
  ),
  evidence_total: z.number(),
});

type Cells = z.output<typeof cells>;

const said = (cell: string | number | boolean | null): string => (cell === null ? 'nothing' : String(cell));

/** A row as a line: the key that leads on and its value; one nobody can ask for with all it says. */
function lineOf(from: string, { key, row }: { readonly key: Cells | null; readonly row: Cells }): string {
  if (key !== null) {
    const value = row['value'] === undefined ? '' : `: ${said(row['value'])} ${row['unit'] ?? ''}`;
    return `  --table ${from} --key '${keyText(key)}'${value}`.trimEnd();
  }
  const cellsOf = Object.entries(row).filter(([, cell]) => cell !== null);
  return `  ${cellsOf.map(([name, cell]) => `${name}=${said(cell)}`).join(' ')}`;
}

/** The row, the rows it was made from with the key that leads on, and where it is written. */
export function describeRow(found: z.output<typeof rowExplanation>): string {
  const { table, key, row, reason, made_from: made, evidence, evidence_total: total } = found;
  const widest = Math.max(...Object.keys(row).map((name) => name.length));
  return [
    `${table} ${keyText(key)}`,
    ...Object.entries(row).map(([name, cell]) => `  ${name.padEnd(widest)}  ${said(cell)}`),
    ...(reason === null ? [] : [`made from: ${reason}`]),
    ...made.flatMap(({ table: from, rows, total: all }) => [
      all > rows.length ? `made from ${from} (the first ${rows.length} of ${all} rows):` : `made from ${from}:`,
      ...(rows.length === 0 ? ['  no row'] : []),
      ...rows.map((one) => lineOf(from, one)),
    ]),
    total > evidence.length ? `evidence (the first ${evidence.length} of ${total} places):` : 'evidence:',
    ...evidence.flatMap((one) => [`  ${one.raw_key} ${one.pointer}`, `    ${one.text}`]),
  ].join('\n');
}
