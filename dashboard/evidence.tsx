import type { Explanation } from '../app/explain.ts';

/** As many pieces as a reader takes in; the rest opens on demand. */
const FIRST = 12;

interface Props {
  readonly explanation: Pick<Explanation, 'evidence' | 'evidence_total'>;
  readonly zone: string;
}

/** The provider's own text at its place, and the delivery that brought it. */
export function Evidence({ explanation, zone }: Props) {
  const { evidence, evidence_total: total } = explanation;
  const rest = evidence.slice(FIRST);
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">The evidence</h2>
      <p class="quiet">
        {total === 1 ? 'One place' : `${total} places`} in the raw objects, exactly as the provider sent them
        {total > evidence.length && `; the first ${evidence.length} are shown`}.
      </p>
      <Pieces evidence={evidence.slice(0, FIRST)} zone={zone} />
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <Pieces evidence={rest} zone={zone} />
        </details>
      )}
    </section>
  );
}

function Pieces({ evidence, zone }: { readonly evidence: Explanation['evidence']; readonly zone: string }) {
  return (
    <ol class="evidence">
      {evidence.map(({ raw_key, pointer, text, received_at }) => (
        <li>
          <pre tabindex={0}>{text}</pre>
          <dl>
            <dt>Place</dt>
            <dd>
              <code>{pointer === '' ? '(whole document)' : pointer}</code>
            </dd>
            <dt>Raw object</dt>
            <dd>
              <code>{raw_key}</code>
            </dd>
            <dt>Received</dt>
            <dd>{received(received_at, zone)}</dd>
          </dl>
        </li>
      ))}
    </ol>
  );
}

function received(at: string, zone: string): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone });
  return `${format.format(ms)} (${zone})`;
}
