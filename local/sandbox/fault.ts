import type { Chance } from './chance.ts';

/** Where a simulated provider goes wrong: its data answers, its token answers, the notices it sends, the deliveries it pushes. */
export type FaultPlace = 'api' | 'token' | 'notice' | 'push';

interface Fault {
  /** `recoverable`: asked again, all comes out as without it. `terminal`: a person has to hear of it. */
  readonly kind: 'recoverable' | 'terminal';
  readonly where: readonly FaultPlace[];
  readonly does: string;
}

/** Every way of going wrong, by name. */
export const FAULTS = {
  duplicate: { kind: 'recoverable', where: ['notice', 'push'], does: 'sends the same delivery twice' },
  reorder: { kind: 'recoverable', where: ['notice', 'push'], does: 'sends a later delivery before an earlier one' },
  late: { kind: 'recoverable', where: ['notice', 'push'], does: 'sends a delivery when the others are through' },
  truncated_body: {
    kind: 'recoverable',
    where: ['api', 'notice', 'push'],
    does: 'cuts a body off in the middle, the next time it is whole',
  },
  wrong_signature: {
    kind: 'recoverable',
    where: ['notice', 'push'],
    does: 'signs wrongly, or uses a wrong key or token, then rightly',
  },
  early: { kind: 'recoverable', where: ['push'], does: 'delivers before the account is connected' },
  two_accounts: { kind: 'recoverable', where: ['push'], does: 'puts two accounts into one delivery' },
  redeliver_all: { kind: 'recoverable', where: ['notice', 'push'], does: 'sends everything again at the end' },
  clock_skew: {
    kind: 'recoverable',
    where: ['api', 'notice', 'push'],
    does: 'states a time some seconds off the true one',
  },
  rate_limited: { kind: 'recoverable', where: ['api', 'token'], does: 'says there were too many requests' },
  server_error: { kind: 'recoverable', where: ['api', 'token'], does: 'answers 500' },
  stall: { kind: 'recoverable', where: ['api'], does: 'answers later than anybody waits' },
  reset_after_served: {
    kind: 'recoverable',
    where: ['api', 'notice', 'push'],
    does: 'does what was asked, and the line breaks before the answer is through',
  },
  error_in_200: { kind: 'recoverable', where: ['api'], does: 'answers 200 with an error inside' },
  not_json: { kind: 'recoverable', where: ['api'], does: 'answers with a page of HTML' },
  looping_page: { kind: 'recoverable', where: ['api'], does: 'points the next page at the same page, once' },
  shrinking_page: { kind: 'recoverable', where: ['api'], does: 'answers a page with fewer rows and more to come' },
  refresh_answer_lost: {
    kind: 'recoverable',
    where: ['token'],
    does: 'refreshes and hangs up, where the old token may be presented again',
  },
  refresh_answer_lost_for_good: {
    kind: 'terminal',
    where: ['token'],
    does: 'refreshes and hangs up, where the old token is spent',
  },
  revoked_grant: { kind: 'terminal', where: ['token', 'api'], does: 'takes the consent back' },
  reduced_scopes: { kind: 'terminal', where: ['api', 'token'], does: 'takes one scope away' },
  unknown_type: { kind: 'terminal', where: ['notice', 'push'], does: 'sends a type nobody has heard of' },
  renamed_field: { kind: 'terminal', where: ['api', 'push'], does: 'calls a field by another name' },
  gone_silent: { kind: 'terminal', where: ['notice', 'push'], does: 'sends nothing any more' },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

const has = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
export const FAULT_NAMES: readonly FaultName[] = Object.keys(FAULTS).filter(has);

export interface Faults {
  /** Whether it goes wrong this time. `stream` names the thing that may be hit, such as one request: never more than twice in a row for the same one. */
  hits(name: FaultName, stream: string): boolean;
  /** How often each fault was met. */
  counts(): Readonly<Partial<Record<FaultName, number>>>;
}

export interface FaultOptions {
  readonly names: readonly FaultName[];
  /** The share of things that are hit, 0 to 1: one for all or by name; the usual one where it says nothing. */
  readonly rate?: number | Readonly<Partial<Record<FaultName, number>>>;
  readonly chance: Chance;
}

const USUAL_RATE = 0.03;
/** What has few occasions, or takes long. */
const RATES: Readonly<Partial<Record<FaultName, number>>> = {
  redeliver_all: 1,
  refresh_answer_lost: 0.3,
  refresh_answer_lost_for_good: 0.3,
  stall: 0.01,
};
const IN_A_ROW = 2;

/** Draws per fault and stream: the same seed hits the same things, in whatever order they are asked for. */
export function createFaults({ names, rate = {}, chance }: FaultOptions): Faults {
  const chosen = new Set(names);
  const streams = new Map<string, { readonly draws: Chance; row: number }>();
  const counts: Partial<Record<FaultName, number>> = {};
  const share = (name: FaultName): number =>
    typeof rate === 'number' ? rate : (rate[name] ?? RATES[name] ?? USUAL_RATE);
  return {
    hits(name, stream) {
      if (!chosen.has(name)) return false;
      const key = `${name}/${stream}`;
      const state = streams.get(key) ?? { draws: chance.fork(key), row: 0 };
      streams.set(key, state);
      const hit = state.row < IN_A_ROW && state.draws.hit(share(name));
      state.row = hit ? state.row + 1 : 0;
      if (hit) counts[name] = (counts[name] ?? 0) + 1;
      return hit;
    },
    counts: () => ({ ...counts }),
  };
}

/** No faults at all. */
export const NO_FAULTS: Faults = { hits: () => false, counts: () => ({}) };

/** Reads `none`, `all` (every recoverable one) or names with commas; undefined for a name that is not in the table. */
export function readFaults(text: string): readonly FaultName[] | undefined {
  if (text === 'none') return [];
  if (text === 'all') return FAULT_NAMES.filter((name) => FAULTS[name].kind === 'recoverable');
  const names = text.split(',').map((name) => name.trim());
  const known = names.filter(has);
  return known.length === names.length ? known : undefined;
}
