import type { Child } from 'hono/jsx';
import type { Held } from '../app/connect/overview.ts';
import { shortDay } from '../app/format.ts';
import type { User } from '../app/people.ts';
import type { Backfilled } from '../app/status/upkeep.ts';
import { moment } from './moment.ts';

/** Words and a sign for each state: the sign is not the only difference. */
const STATES: Readonly<Record<Held['state'], string>> = {
  active: '✓ Connected',
  needs_reconnect: '! Needs to be connected again',
  revoked: '! Access was taken back at the provider',
  deregistered: '! The account was unregistered at the provider',
  disconnected: '– Ended; the data stay',
};

const KINDS: Readonly<Record<Held['kind'], string>> = {
  oauth: 'you granted access',
  link: 'linked by its id',
  token: 'an app sends with a personal token',
  file: 'from files you imported',
};

/** One connection: how it stands, what is granted, what came last, what is still to come. */
export function ConnectionFacts({ held, user }: { readonly held: Held; readonly user: User }) {
  const { zone } = user;
  const at = (instant: string | null): string => (instant === null ? 'not yet' : moment(instant, zone));
  const fetched = held.kind === 'oauth';
  // Until it is connected again nothing comes and nothing is asked for, whatever was planned before.
  const isActive = held.state === 'active';
  const pending = isActive ? held.pending : [];
  return (
    <article class="connection">
      <p class={held.state === 'active' ? 'state' : 'state late'}>{STATES[held.state]}</p>
      <dl>
        <Fact term="Account">
          {isTold(held) && <code>{held.external_id}</code>} <span class="quiet">{KINDS[held.kind]}</span>
        </Fact>
        {held.granted.length > 0 && <Fact term="Granted">{held.granted.join('; ')}</Fact>}
        {held.missing.length > 0 && <Fact term="Not granted">{held.missing.join('; ')}</Fact>}
        <Fact term="Last delivery">{at(held.last_delivery)}</Fact>
        {fetched && <Fact term="Last fetch">{at(held.last_fetch)}</Fact>}
        <Fact term="Last day with data">{held.last_data_day === null ? 'none yet' : shortDay(held.last_data_day)}</Fact>
        {held.backfill !== null && (
          <Fact term="Older days">
            <Progress backfill={held.backfill} />
          </Fact>
        )}
        {older(held, at).map(([said, types]) => (
          <Fact term="Of older days">
            {types.join(', ')}: {said}
          </Fact>
        ))}
        {held.given_up.map(({ type, from, to, detail }) => (
          <Fact term="Given up after a week">
            {type} of {span(from, to)}: {detail}
          </Fact>
        ))}
        {isActive && held.subscription !== null && (
          <Fact term="Notices">
            {held.subscription.ok
              ? `they come${held.subscription.expires_at === null ? '' : `; renewed before ${moment(held.subscription.expires_at, zone)}`}`
              : `! ${held.subscription.problem ?? 'some are missing.'}`}
          </Fact>
        )}
        {alike(pending.map(({ type, retry_at, detail }) => [type, `again from ${at(retry_at)}. ${detail}`])).map(
          ([said, types]) => (
            <Fact term="Still to fetch">
              {types.join(', ')}: {said}
            </Fact>
          ),
        )}
        {alike(held.left_alone.map(({ type, detail }) => [type, detail])).map(([said, types]) => (
          <Fact term="Left alone for a day">
            {types.join(', ')}: {said}
          </Fact>
        ))}
      </dl>
    </article>
  );
}

/** Where one thing is in the way of many streams it is said once. */
function alike(all: readonly (readonly [type: string, said: string])[]): readonly (readonly [string, string[]])[] {
  const by = new Map<string, string[]>();
  for (const [type, said] of all) by.set(said, [...(by.get(said) ?? []), type]);
  return [...by];
}

/** What of a backfill is not asked for, and what waits. */
function older({ backfill, state }: Held, at: (instant: string) => string) {
  const left_out = backfill?.left_out ?? [];
  const waiting = state === 'active' ? (backfill?.waiting ?? []) : [];
  return alike([
    ...left_out.map(({ type, detail }) => [type, `left out. ${detail}`] as const),
    ...waiting.map(({ type, retry_at, detail }) => [type, `again from ${at(retry_at)}. ${detail}`] as const),
  ]);
}

/** An id the provider gave says something to a person; one that was made here says nothing. */
const isTold = ({ kind, external_id: id, user_id: userId }: Held): boolean =>
  kind !== 'token' && !(kind === 'file' && id === `file:${userId}`);

function Fact({ term, children }: { readonly term: string; readonly children?: Child }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Progress({ backfill }: { readonly backfill: Backfilled }) {
  const { state, from, chunks_done: done, chunks_total: total } = backfill;
  if (state === 'finished') return <>fetched back to {longDate(from)}</>;
  return (
    <>
      <progress value={done} max={Math.max(1, total)} aria-label="Older days fetched"></progress> {done} of {total}{' '}
      parts, going back to {longDate(from)}
    </>
  );
}

const span = (from: string, to: string): string =>
  from === to ? longDate(from) : `${longDate(from)} to ${longDate(to)}`;

const longDate = (day: string): string => `${shortDay(day)} ${day.slice(0, 4)}`;
