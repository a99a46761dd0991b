import { type Card, lastSeen } from '../app/card.ts';
import { shortDay, show } from '../app/format.ts';
import type { Standing } from '../app/normal.ts';
import type { Units, User } from '../app/people.ts';
import { compared } from '../app/sentences.ts';
import { sourceName } from '../app/source-name.ts';
import { Chart } from './chart.tsx';

interface Shown {
  readonly card: Card;
  readonly user: User;
}

export function unitsOf(user: User): Units {
  return user.units ?? 'metric';
}

/** Where a value explains itself. */
export function explainPath(user: User, day: string, metric: string): string {
  return `/explain/${encodeURIComponent(user.user_id)}/${day}/${encodeURIComponent(metric)}`;
}

/** A value with its unit as a link to where it came from. */
export function Value({ card, user }: Shown) {
  if (card.value === null) return <span class="none">no value</span>;
  const { text, unit } = show(card.value, card.metric, unitsOf(user));
  const said = unit === '' ? text : `${text} ${unit}`;
  return (
    <a
      class="value"
      href={explainPath(user, card.day, card.metric.metric)}
      aria-label={`${card.metric.title}: ${said}. Explain`}
    >
      <span class="number">{text}</span>
      {unit !== '' && <span class="unit"> {unit}</span>}
    </a>
  );
}

/** One metric of the day: value, the person's own normal, the last four weeks, the source. */
export function MetricCard({ card, user }: Shown) {
  return (
    <article class="card">
      <h3>{card.metric.title}</h3>
      <p class="figure">
        <Value card={card} user={user} />
        {card.soFar && <span class="sofar"> so far</span>}
      </p>
      <p class={`standing ${placeOf(card) ?? 'unknown'}`}>
        {mark(card)}
        {first(compared(card, unitsOf(user)))}
      </p>
      <Chart card={card} units={unitsOf(user)} />
      <p class="source">{origin(card)}</p>
    </article>
  );
}

/** Where the value stands; nowhere yet when it is missing or still growing towards the usual. */
function placeOf({ standing, growing }: Card): Standing['place'] | undefined {
  return growing && standing?.place === 'below' ? undefined : standing?.place;
}

/** A sign beside the words, so that neither colour nor reading speed is needed. */
function mark(card: Card): string {
  const place = placeOf(card);
  return place === 'above' ? '▲ ' : place === 'below' ? '▼ ' : place === 'usual' ? '● ' : '';
}

function origin(card: Card): string {
  if (card.source === null) {
    const seen = lastSeen(card);
    return seen === null ? '' : `Last value ${shortDay(seen)}`;
  }
  const others = card.sources - 1;
  const more = others <= 0 ? '' : others === 1 ? ', and one other source' : `, and ${others} other sources`;
  return `${sourceName(card.source)}${more}`;
}

function first(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
