import type { RowExplanation } from '../app/explain/row.ts';
import { keyText } from '../app/explain/key.ts';
import type { Cell, Row } from '../ports/warehouse/warehouse.ts';
import { Evidence } from './evidence.tsx';
import { Layout } from './layout.tsx';

interface Props {
  readonly explanation: RowExplanation;
  readonly zone: string;
  readonly hasOutbox: boolean;
}

/** As many rows as a reader takes in; the rest opens on demand. */
const FIRST = 10;

/** The page of a row. */
export function rowAddress(table: string, key: Row): string {
  return `/explain/${table}?key=${encodeURIComponent(keyText(key))}`;
}

/** One row of a table: what it says, the rows it was made from, each leading on, and the provider's own text. */
export function RowPage({ explanation, zone, hasOutbox }: Props) {
  const { table, key, row, reason, made_from: made, evidence } = explanation;
  return (
    <Layout title={`A row of ${table}`} signedIn hasOutbox={hasOutbox}>
      <p class="eyebrow">
        <a href="/">← Today</a>
      </p>
      <h1>{table}</h1>
      <p class="quiet">
        The row <code>{keyText(key)}</code>
      </p>
      <section aria-labelledby="row">
        <h2 id="row">The row</h2>
        <div class="scroll" tabindex={0} role="region" aria-labelledby="row">
          <table>
            <tbody>
              {Object.entries(row).map(([name, cell]) => (
                <tr>
                  <th scope="row">{name}</th>
                  <td>{said(cell)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {reason !== null && (
        <section aria-labelledby="reason">
          <h2 id="reason">Where it comes from</h2>
          <p>{reason}</p>
        </section>
      )}
      {made.map((from) => (
        <MadeFrom from={from} />
      ))}
      {evidence.length > 0 && <Evidence explanation={explanation} zone={zone} />}
    </Layout>
  );
}

function MadeFrom({ from }: { readonly from: RowExplanation['made_from'][number] }) {
  const { table, rows, total } = from;
  const id = `from-${table}`;
  const rest = rows.slice(FIRST);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Made from {table}</h2>
      {total === 0 && <p class="quiet">No row of it.</p>}
      {total > rows.length && (
        <p class="quiet">
          {total} rows, of which the newest {rows.length} are shown.
        </p>
      )}
      <Lines table={table} rows={rows.slice(0, FIRST)} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <Lines table={table} rows={rest} />
        </details>
      )}
    </section>
  );
}

function Lines({ table, rows }: Pick<RowExplanation['made_from'][number], 'table' | 'rows'>) {
  return (
    <ul class="sources">
      {rows.map(({ key, row }) => (
        <li>
          {key === null ? <code>{allOf(row)}</code> : <a href={rowAddress(table, key)}>{keyText(key)}</a>}
          {key !== null && row['value'] != null && ` ${said(row['value'])} ${row['unit'] ?? ''}`}
        </li>
      ))}
    </ul>
  );
}

function said(cell: Cell): string {
  return cell === null ? 'nothing' : String(cell);
}

function allOf(row: Row): string {
  const cells = Object.entries(row).filter(([, cell]) => cell !== null);
  return cells.map(([name, cell]) => `${name}=${said(cell)}`).join(' ');
}
