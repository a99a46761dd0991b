import type { OAuthClient, TokenOutcome } from '../../../providers/kit/oauth/oauth.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import type { Schedule } from './schedule.ts';

/** Longer than this a client waits for no answer, and nothing it sent arrives. */
const CLIENT_MS = 30_000;
const LIFE_MS = 3 * 3_600_000;

/** What the token endpoint does by chance. */
export interface Moods {
  /** The request, or the answer to it, is lost. */
  readonly lost?: number;
  /** 429 or 503: nothing was issued. */
  readonly later?: number;
}

/** A provider whose refresh tokens rotate, that sees every reuse, and writes everything down. */
export interface Ledger {
  readonly client: (process: string) => OAuthClient;
  /** Presentations that arrived. */
  readonly calls: number;
  /** Answers that gave tokens nobody got. */
  readonly lost: number;
  /** What must never happen, in words. */
  readonly wrongs: readonly string[];
  readonly calm: () => void;
  /** Told what has become the grant in the vault, what a caller was given, and what was given back. */
  readonly stored: (refresh: string, access: string) => void;
  readonly given: (access: string) => void;
  readonly revoked: (access: string) => void;
  readonly accepts: (access: string) => boolean;
  /** When the token that is kept was first presented, in Unix ms; infinite where it never was. */
  readonly presentedSinceMs: () => number;
}

const never = () => Promise.reject(new TypeError('Nobody connects here.'));

export function createLedger(schedule: Schedule, options: { readonly graceMs: number; readonly moods: Moods }): Ledger {
  const { chance } = schedule;
  /** When each refresh token was first given a successor. */
  const rotatedMs = new Map<string, number>();
  const flying = new Map<string, number>();
  const presentedMs = new Map<string, number>();
  const durable = new Set(['a0']);
  const storedOver = new Set<string>();
  const wrongs: string[] = [];
  let [moods, kept, current, calls, lost, number] = [options.moods, 'r0', 'a0', 0, 0, 0];
  let isRevoked = false;

  function arrive(token: string): TokenOutcome {
    calls += 1;
    if (chance.hit(moods.later ?? 0)) return { ok: false, kind: 'later' };
    const sinceMs = rotatedMs.get(token);
    if (sinceMs !== undefined && schedule.nowMs() >= sinceMs + options.graceMs) {
      wrongs.push(`${token} was used again`);
      isRevoked = true;
    }
    if (isRevoked) return { ok: false, kind: 'refused', error: 'invalid_grant' };
    rotatedMs.set(token, sinceMs ?? schedule.nowMs());
    number += 1;
    current = `a${number}`;
    const expiresAt = schedule.nowMs() + LIFE_MS;
    const tokens = {
      access: new Secret(current),
      refresh: new Secret(`r${number}`),
      expiresAt,
      scopes: null,
      fields: {},
    };
    return { ok: true, tokens };
  }

  async function call(process: string, token: string): Promise<TokenOutcome> {
    const unknown = { ok: false, kind: 'unknown' } as const;
    const startMs = schedule.nowMs();
    if ((flying.get(token) ?? -Infinity) + CLIENT_MS > startMs) wrongs.push(`${token} is presented by two at once`);
    if (storedOver.has(token)) wrongs.push(`${token} is presented after its successor was stored`);
    flying.set(token, startMs);
    presentedMs.set(token, presentedMs.get(token) ?? startMs);
    // What is on its way arrives, whether or not its sender lives.
    await schedule.step('network');
    const isLate = schedule.nowMs() > startMs + CLIENT_MS;
    if (isLate || chance.hit((moods.lost ?? 0) / 2)) {
      flying.delete(token);
      return unknown;
    }
    if (storedOver.has(token)) wrongs.push(`${token} arrives after its successor was stored`);
    const outcome = arrive(token);
    flying.delete(token);
    await schedule.step('network');
    const isHeard =
      schedule.isAlive(process) && schedule.nowMs() <= startMs + CLIENT_MS && !chance.hit((moods.lost ?? 0) / 2);
    if (isHeard) return outcome;
    if (outcome.ok) lost += 1;
    return unknown;
  }

  return {
    client: (process) => ({ authorizeUrl: never, exchange: never, refresh: (token) => call(process, token.reveal()) }),
    get calls() {
      return calls;
    },
    get lost() {
      return lost;
    },
    wrongs,
    calm: () => void (moods = {}),
    stored(refresh, access) {
      durable.add(access);
      if (refresh !== kept) storedOver.add(kept);
      kept = refresh;
    },
    given(access) {
      if (!durable.has(access)) wrongs.push(`${access} was seen before it was stored`);
    },
    revoked(access) {
      if (durable.has(access)) wrongs.push(`${access} was given back though it is kept`);
    },
    accepts: (access) => access === current && !isRevoked,
    presentedSinceMs: () => presentedMs.get(kept) ?? Infinity,
  };
}
