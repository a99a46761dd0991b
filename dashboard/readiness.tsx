import { readinessReason, type Readiness } from '../app/readiness.ts';

/** How ready a person is on a day, with its parts; nothing where none of them can be told. */
export function ReadinessParts({ readiness }: { readonly readiness: Readiness }) {
  const told = readiness.parts.filter(({ score }) => score !== null);
  if (told.length === 0) return null;
  return (
    <section aria-labelledby="readiness">
      <h2 id="readiness">Readiness</h2>
      {readiness.score === null ? (
        <p>{readinessReason(readiness)}</p>
      ) : (
        <p class="huge">
          <span class="number">{readiness.score}</span> of 100
        </p>
      )}
      <dl class="scores">
        {told.map(({ name, score }) => (
          <div>
            <dt>{name}</dt>
            <dd>{score}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">50 is a usual day of yours; more is better.</p>
    </section>
  );
}
