import type { Freshness, MetricFreshness } from '../app/freshness.ts';
import { shortDay } from '../app/format.ts';
import { metricOf } from '../app/metrics.ts';
import type { User } from '../app/people.ts';
import { freshnessLine, isOnTime } from '../app/sentences.ts';
import { moment } from './moment.ts';

interface Props {
  readonly freshness: Freshness;
  readonly user: User;
}

/** How far a provider's data reach: one sentence, and a table of its metrics to open. */
export function Reach({ freshness, user }: Props) {
  const isWell = isOnTime(freshness) || (!freshness.late && freshness.cause === 'not_measured');
  return (
    <>
      <p class={isWell ? 'reach' : 'reach notice'}>
        {isWell ? '✓ ' : '! '}
        {freshnessLine(freshness)}
      </p>
      {freshness.metrics.length > 0 && (
        <details>
          <summary>
            {freshness.metrics.length} {freshness.metrics.length === 1 ? 'metric' : 'metrics'}, one by one
          </summary>
          <div class="scroll" tabindex={0} role="region" aria-label={`Metrics of ${freshness.provider}`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Metric</th>
                  <th scope="col">Last day</th>
                  <th scope="col">More is due by</th>
                  <th scope="col">Now</th>
                </tr>
              </thead>
              <tbody>
                {freshness.metrics.map((one) => (
                  <tr>
                    <th scope="row">{metricOf(one.metric).title}</th>
                    <td>{shortDay(one.lastDay)}</td>
                    <td>{one.expectedBy === null ? 'not known yet' : moment(one.expectedBy, user.zone)}</td>
                    <td>{nowOf(one)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </>
  );
}

const CAUSES: Readonly<Record<NonNullable<MetricFreshness['cause']>, string>> = {
  not_connected: 'not connected',
  needs_reconnect: 'needs to be connected again',
  revoked: 'access was taken back',
  deregistered: 'account unregistered',
  scope_missing: 'not granted',
  quarantined: 'could not be read',
  unfinished_fetch: 'not fetched yet',
  provider_silent: 'nothing came',
  not_measured: 'not measured since',
};

function nowOf({ late, cause, detail, expectedBy }: MetricFreshness): string {
  // What nobody knows when to expect is neither late nor on time.
  if (cause === null && expectedBy === null) return '– too few days to tell';
  if (cause === null) return late ? '! late' : '✓ on time';
  const why = detail === null ? CAUSES[cause] : `${CAUSES[cause]} (${detail})`;
  return cause === 'not_measured' ? why : `! ${late ? 'late: ' : ''}${why}`;
}
