import { metricOf } from '../app/metrics.ts';
import { longDay, say } from '../app/format.ts';
import type { Explanation } from '../app/explain.ts';
import type { Units, User } from '../app/people.ts';
import { sourceName } from '../app/source-name.ts';
import { unitsOf } from './card.tsx';
import { Evidence } from './evidence.tsx';
import { Layout } from './layout.tsx';
import { rowAddress } from './row.tsx';

interface Props {
  readonly user: User;
  readonly explanation: Explanation;
  readonly hasOutbox: boolean;
}

/** One number: the rule, what each source would have said, and the provider's own text it was made from. */
export function ExplainPage({ user, explanation, hasOutbox }: Props) {
  const { local_date: day, metric: id, value, unit } = explanation;
  const metric = metricOf(id, unit);
  const units = unitsOf(user);
  const back = `/?user_id=${encodeURIComponent(user.user_id)}&day=${day}`;
  return (
    <Layout title={`${metric.title}, ${user.name}`} signedIn hasOutbox={hasOutbox}>
      <p class="eyebrow">
        <a href={back}>
          ← {user.name}, {longDay(day)}
        </a>
      </p>
      <h1>{metric.title}</h1>
      <p class="figure huge">
        <span class="number">{value === null ? 'no value' : say(value, metric, units)}</span>
      </p>
      <p class="quiet">
        Stored as {value === null ? 'nothing' : String(value)} {unit} for {user.name} on {day} in {user.zone}.
      </p>
      <section aria-labelledby="rule">
        <h2 id="rule">The rule</h2>
        <p>{asSentence(explanation.rule)}</p>
      </section>
      <Candidates explanation={explanation} units={units} />
      <Evidence explanation={explanation} zone={user.zone} />
      <p>
        <a href={rowAddress('daily_metrics', { user_id: user.user_id, local_date: day, metric: id })}>
          The row of the table, and the rows it was made from
        </a>
      </p>
    </Layout>
  );
}

function Candidates({ explanation, units }: { readonly explanation: Explanation; readonly units: Units }) {
  const metric = metricOf(explanation.metric, explanation.unit);
  const { candidates, winner } = explanation;
  const chosen = candidates.find(({ source }) => source === winner);
  return (
    <section aria-labelledby="candidates">
      <h2 id="candidates">What each source said</h2>
      {candidates.length === 0 && <p>No source of its own: the value was made from other values of the day.</p>}
      {candidates.length > 0 && (
        <div class="scroll" tabindex={0} role="region" aria-labelledby="candidates">
          <table>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Said</th>
                <th scope="col">Counted</th>
                <th scope="col">Raw objects</th>
              </tr>
            </thead>
            <tbody>
              {candidates.map((candidate) => (
                <tr class={candidate === chosen ? 'winner' : ''}>
                  <th scope="row">
                    {sourceName(candidate.source)}
                    {candidate === chosen && <strong> ✓ chosen</strong>}
                  </th>
                  <td>{candidate.value === null ? 'no value' : say(candidate.value, metric, units)}</td>
                  <td>{candidate.counted === null ? 'nothing' : say(candidate.counted, metric, units)}</td>
                  <td>{candidate.raw_keys.length}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function asSentence(rule: string): string {
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1)}${/[.!?]$/.test(rule) ? '' : '.'}`;
}
