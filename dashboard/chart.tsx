import type { Card } from '../app/card.ts';
import { say, shortDay } from '../app/format.ts';
import type { Units } from '../app/people.ts';
import { range } from '../app/sentences.ts';

/** The last 29 days of a metric as a line with its band, as a sentence and as a table; days without a value are gaps. */
export function Chart({ card, units }: { readonly card: Card; readonly units: Units }) {
  const points = card.series.map((point) => point.value);
  const { normal } = card;
  const edges = normal === undefined ? [] : [normal.mean - normal.sd, normal.mean + normal.sd];
  return (
    <figure class="chart">
      <div
        class="spark"
        aria-hidden="true"
        data-points={JSON.stringify(points)}
        data-band={JSON.stringify(edges)}
      ></div>
      <figcaption>{sentence(card, units)}</figcaption>
      <details>
        <summary>Table</summary>
        <div class="scroll" tabindex={0} role="region" aria-label={`${card.metric.title} by day`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">{card.metric.title}</th>
              </tr>
            </thead>
            <tbody>
              {card.series.toReversed().map(({ day, value }) => (
                <tr>
                  <th scope="row">{shortDay(day)}</th>
                  <td>{value === null ? 'no value' : say(value, card.metric, units)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function sentence(card: Card, units: Units): string {
  const known = card.series.flatMap(({ value }) => (value === null ? [] : [value]));
  const [lowest, highest] = [Math.min(...known), Math.max(...known)].map((value) => say(value, card.metric, units));
  if (known.length === 0) return 'No value in these 29 days.';
  if (known.length === 1) return `29 days: one value, ${lowest}.`;
  const missing = card.series.length - known.length;
  const gaps = missing === 0 ? '' : missing === 1 ? ', 1 day without a value' : `, ${missing} days without a value`;
  const extent = lowest === highest ? `always ${lowest}` : `${lowest} to ${highest}`;
  return `29 days: ${extent}${gaps}.${band(card, units)}`;
}

/** The shaded band in words. */
function band(card: Card, units: Units): string {
  return card.normal === undefined ? '' : ` Usually ${range(card.normal, card, units)}.`;
}
