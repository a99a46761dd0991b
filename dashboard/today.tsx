import type { Freshness } from '../app/freshness.ts';
import { addDays } from '../app/days.ts';
import { longDay, shortDay } from '../app/format.ts';
import type { GoalDay } from '../app/goals/day.ts';
import type { User } from '../app/people.ts';
import { compared, freshnessLine, isOnTime } from '../app/sentences.ts';
import type { Today } from '../app/today.ts';
import { explainPath, MetricCard, Value, unitsOf } from './card.tsx';
import { Empty } from './empty.tsx';
import { Goals } from './goals.tsx';
import { Layout } from './layout.tsx';
import { PersonChoice } from './person-choice.tsx';
import { ReadinessParts } from './readiness.tsx';

interface Props {
  readonly today: Today;
  readonly goals: readonly GoalDay[];
  /** Everybody the viewer may choose from. */
  readonly people: readonly User[];
  readonly hasOutbox: boolean;
}

/** How a person is on one day against their own normal. */
export function TodayPage({ today, goals, people, hasOutbox }: Props) {
  const { user, day } = today;
  return (
    <Layout title={`${user.name}, ${shortDay(day)}`} signedIn hasOutbox={hasOutbox} charts>
      <div class="heading">
        <div>
          <p class="eyebrow">
            {user.name} · {user.zone}
          </p>
          <h1>{longDay(day)}</h1>
        </div>
        <Switch today={today} people={people} />
      </div>
      <Notices today={today} />
      {today.latest !== null && (
        <div class="overview">
          {today.readiness !== undefined && <ReadinessParts readiness={today.readiness} />}
          {today.anomalies.length + today.changed.length > 0 && <Changed today={today} />}
          <Sources freshness={today.freshness} />
        </div>
      )}
      <Goals goals={goals} user={user} />
      {today.groups.map(({ group, cards }) => (
        <section aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{group}</h2>
          <div class="cards">
            {cards.map((card) => (
              <MetricCard card={card} user={user} />
            ))}
          </div>
        </section>
      ))}
      {today.others.length > 0 && <Others today={today} />}
      {today.latest === null && <Empty user={user} />}
    </Layout>
  );
}

function Switch({ today, people }: Pick<Props, 'today' | 'people'>) {
  const { user, day } = today;
  const to = (other: string) => `/?user_id=${encodeURIComponent(user.user_id)}&day=${other}`;
  return (
    <div class="switch">
      <nav aria-label="Days">
        <a href={to(addDays(day, -1))}>← {shortDay(addDays(day, -1))}</a>
        {day < today.now && <a href={to(addDays(day, 1))}>{shortDay(addDays(day, 1))} →</a>}
      </nav>
      <form method="get" action="/">
        {people.length > 1 ? (
          <PersonChoice user={user} people={people} />
        ) : (
          <input type="hidden" name="user_id" value={user.user_id} />
        )}
        <label>
          Day <input type="date" name="day" value={day} max={addDays(today.now, 1)} />
        </label>
        <button type="submit">Show</button>
      </form>
    </div>
  );
}

function Notices({ today }: Pick<Props, 'today'>) {
  const { latest, now, user } = today;
  if (latest === null) return null;
  const isEmpty =
    today.others.length === 0 && today.groups.every(({ cards }) => cards.every((one) => one.value === null));
  const back = `/?user_id=${encodeURIComponent(user.user_id)}&day=${latest}`;
  return (
    <>
      {isEmpty && (
        <p class="notice">
          There are no values for this day. The last day with data is <a href={back}>{longDay(latest)}</a>.
        </p>
      )}
      {latest < addDays(now, -1) && (
        <p class="notice">
          The latest data are from {longDay(latest)}; today is {longDay(now)}. The sources below say what is late.
        </p>
      )}
    </>
  );
}

function Changed({ today }: Pick<Props, 'today'>) {
  return (
    <section class="changes" aria-labelledby="changed">
      <h2 id="changed">What changed most</h2>
      <ul class="changed">
        {today.anomalies.map(({ metric, severity, sentence }) => (
          <li>
            {severity === 'notable' ? sentence : <strong>{sentence}</strong>}{' '}
            <a href={explainPath(today.user, today.day, metric)} aria-label={`${sentence} Explain`}>
              Explain
            </a>
          </li>
        ))}
        {today.changed.map((card) => (
          <li>
            {card.metric.title}: <Value card={card} user={today.user} />, {compared(card, unitsOf(today.user))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Others({ today }: Pick<Props, 'today'>) {
  return (
    <section aria-labelledby="others">
      <h2 id="others">Everything else of this day</h2>
      <div class="scroll" tabindex={0} role="region" aria-labelledby="others">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Value</th>
              <th scope="col">Against your normal</th>
            </tr>
          </thead>
          <tbody>
            {today.others.map((card) => (
              <tr>
                <th scope="row">{card.metric.title}</th>
                <td>
                  <Value card={card} user={today.user} />
                </td>
                <td>{compared(card, unitsOf(today.user))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Sources({ freshness }: { readonly freshness: readonly Freshness[] }) {
  if (freshness.length === 0) return null;
  return (
    <section aria-labelledby="sources">
      <h2 id="sources">Sources</h2>
      <ul class="sources">
        {freshness.map((one) => (
          <li class={isWell(one) ? '' : 'late'}>
            <span class="mark">{isWell(one) ? '✓' : '!'}</span> {freshnessLine(one)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a person has not done is no fault of a source. */
function isWell(one: Freshness): boolean {
  return isOnTime(one) || (!one.late && one.cause === 'not_measured');
}
