import { utcDate } from '../keys.ts';
import type { Tombstone } from './tombstone.ts';

/**
 * What a provider was told: `by_hand` where it offers no way, `later` while it does not answer, `given_up` after thirty days of that,
 * `untold` where the grant was of no use any more: it could not be opened, or the answer with the next token was lost.
 */
export interface Told {
  readonly provider: string;
  readonly connection_id: string;
  readonly outcome: 'told' | 'by_hand' | 'later' | 'given_up' | 'untold';
}

/** What became of everything, place by place. Opaque ids, dates and counts only. */
export interface Receipt {
  readonly user_id: string;
  readonly started_at: string;
  /** Null while something is still to be removed. */
  readonly finished_at: string | null;
  /** `gone`: `now`, or the date by which. */
  readonly places: readonly { readonly place: string; readonly removed: number; readonly gone: string }[];
  readonly providers: readonly Told[];
  /** Where something of them was found afterwards, in how many files or records; empty is what should be. */
  readonly found: Readonly<Record<string, number>> | null;
}

const WEEK_MS = 7 * 86_400_000;

const PLACES: Readonly<Record<string, string>> = {
  raw: 'raw objects',
  uploads: 'imported files',
  refused: 'unreadable deliveries that name them',
  inbox: 'files in the inbox',
  exports: 'exports',
  letters: 'morning texts',
  state: 'records of state: connections, sign-ins, invitations, grants, fetches',
};

/** The receipt of somebody forgotten. */
export function receiptOf(tombstone: Tombstone): Receipt {
  const { removed, started_at, finished_at } = tombstone;
  const places = Object.entries(removed).map(([place, n]) => ({
    place: PLACES[place] ?? `rows of ${place}`,
    removed: n,
    gone: 'now',
  }));
  // Bytes nobody could read name nobody: they end with the time such bytes are kept.
  const nameless = { place: 'unreadable deliveries that name nobody', removed: 0, gone: utcDate(started_at + WEEK_MS) };
  return {
    user_id: tombstone.user_id,
    started_at: new Date(started_at).toISOString(),
    finished_at: finished_at === null ? null : new Date(finished_at).toISOString(),
    places: [...places, nameless, ...(tombstone.later ?? []).map((one) => ({ ...one, removed: 0 }))],
    providers: tombstone.providers,
    found: tombstone.found,
  };
}

const SAID: Readonly<Record<Told['outcome'], string>> = {
  told: 'access given back',
  by_hand: 'offers no way to end it from here: end it in the account there',
  later: 'did not answer; it is asked again every 15 minutes while a server runs',
  given_up: 'never answered: end it in the account there',
  untold: 'could not be told, because the grant kept here was of no use any more: end it in the account there',
};

/** The receipt in lines for people. */
export function receiptText({ user_id, started_at, finished_at, places, providers, found }: Receipt): string {
  return [
    `Forgotten: ${user_id}`,
    `begun ${started_at}, ${finished_at === null ? 'not finished: run it again, or let a server run' : `finished ${finished_at}`}`,
    ...places.map(({ place, removed, gone }) =>
      gone === 'now' ? `  ${place}: ${removed}, gone` : `  ${place}: gone by ${gone}`,
    ),
    ...providers.map(({ provider, outcome }) => `  ${provider}: ${SAID[outcome]}`),
    ...Object.entries(found ?? {}).map(([place, n]) => `  ${place}: something of them is still in ${n} of these`),
    ...(finished_at === null ? [] : ['Copies you made yourself (backups, exports) are yours to delete.']),
  ].join('\n');
}
