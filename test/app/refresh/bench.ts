import { saveGrant } from '../../../app/grant.ts';
import type { Access, Custody, Wish } from '../../../app/refresh/custody.ts';
import { obtain } from '../../../app/refresh/obtain.ts';
import type { ConnectionRecord } from '../../../app/tie.ts';
import type { FixedClock } from '../../../ports/clock/fixed.ts';
import type { OAuth, TokenOutcome, Tokens } from '../../../providers/kit/oauth/oauth.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { openDesk } from '../../support/desk.ts';
import { oauthWith } from './parts.ts';

export const ID = 'c_abcdefghijkl';
export const HOUR_MS = 3_600_000;

type Answer = TokenOutcome | (() => TokenOutcome | Promise<TokenOutcome>);

export interface BenchOptions {
  readonly refresh?: OAuth['refresh'];
  /** The grant there is at first; it ended a second ago when absent. */
  readonly tokens?: Partial<Tokens>;
}

/** One connection over a real state and a sealed vault, with a clock that is moved by hand; `answers` are given in turn, the last one for ever. */
export async function openBench(
  { refresh = { rotates: true }, tokens = {} }: BenchOptions,
  answers: readonly Answer[],
) {
  const desk = openDesk();
  const { clock, runtime } = desk;
  const presented: string[] = [];
  const revoked: string[] = [];
  const custody: Custody = {
    ...runtime,
    settings: () => ({}),
    oauth: () => oauthWith(refresh),
    revoke: async (_, { access }) => void revoked.push(access.reveal()),
    oauthClient: async () => ({
      authorizeUrl: () => Promise.reject(new TypeError('not here')),
      exchange: () => Promise.reject(new TypeError('not here')),
      async refresh(token) {
        const answer = answers[presented.length] ?? answers.at(-1);
        presented.push(token.reveal());
        if (answer === undefined) throw new TypeError('There is no answer.');
        return typeof answer === 'function' ? answer() : answer;
      },
    }),
  };
  const first: Tokens = { ...issued(0, clock.now() - 1000), ...tokens };
  await saveGrant(runtime.vault, ID, first, { expect: 0, nowMs: clock.now() - 3 * HOUR_MS });
  const record: ConnectionRecord = { ...CONNECTION, sequence: 1 };
  await runtime.state.put('connection', ID, record);
  return {
    ...desk,
    custody,
    presented,
    revoked,
    ask: (wish: Wish = {}, who: Custody = custody) => patiently(clock, obtain(who, ID, wish)),
    connection: async () => (await runtime.state.get<ConnectionRecord>('connection', ID))?.value,
    /** Another process: the same state and vault, another memory. */
    another: (changes: Partial<Custody> = {}): Custody => ({ ...custody, state: { ...runtime.state }, ...changes }),
  };
}

export const CONNECTION = {
  connection_id: ID,
  provider: 'somewhere',
  account: 'a_somebody',
  external_id: 'somebody',
  user_id: 'u_somebody',
  kind: 'oauth',
  state: 'active',
  scopes: ['weight'],
  cause: null,
} as const;

/** Tokens number `n`, ending at an instant. */
export function issued(n: number, expiresAt: number | null): Tokens {
  return {
    access: new Secret(`access-${n}`),
    refresh: new Secret(`refresh-${n}`),
    expiresAt,
    scopes: null,
    fields: {},
  };
}

export const ok = (n: number, expiresAt: number): TokenOutcome => ({ ok: true, tokens: issued(n, expiresAt) });

/** Lets a clock go on while something waits for it. */
export async function patiently<T>(clock: FixedClock, work: Promise<T>): Promise<T> {
  const left = new Set([work]);
  const done = work.finally(() => left.delete(work));
  done.catch(() => undefined);
  for (let round = 0; left.size > 0; round += 1) {
    await new Promise((settled) => setImmediate(settled));
    if (left.size > 0 && round % 20 === 19) clock.advance(100);
  }
  return done;
}

/** The token an answer gives; throws for any other answer. */
export function tokenOf(answer: Access): string {
  if (!answer.ok) throw new TypeError(`No token: ${answer.reason}.`);
  return answer.token.reveal();
}
