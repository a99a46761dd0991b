import type { Collect, Limit } from '../providers/kit/collect.ts';
import { retryAfterMs } from './retry.ts';
import type { Runtime } from './runtime.ts';
import { add, type Counts, freeAt, left } from './window.ts';

type LimitRuntime = Pick<Runtime, 'state' | 'clock'> & Partial<Pick<Runtime, 'settings'>>;

/** What counting needs to know of a provider. */
export interface Limited {
  readonly id: string;
  readonly collect?: Pick<Collect, 'limits'> | undefined;
}

export type Place = { readonly ok: true } | { readonly ok: false; readonly retryAtMs: number };

/** What is counted together, the whole app or one account, as kept in `limit/<id>`. */
interface Scope {
  readonly id: string;
  readonly limits: readonly Limit[];
}

interface Kept {
  readonly pausedUntilMs: number;
  readonly counts: Counts;
}

const KIND = 'limit';
const MAX_WAIT_MS = 60_000;
const NOTHING: Kept = { pausedUntilMs: 0, counts: {} };

/**
 * Waits for a place within the provider's limits, counted in state so that all processes share them; or says when there
 * will be one, when that is more than `maxWaitMs` (60 s when absent) away. Rejects only when `signal` ends the wait.
 */
export async function takePlace(
  runtime: LimitRuntime,
  provider: Limited,
  account: string,
  { maxWaitMs = MAX_WAIT_MS, signal }: { readonly maxWaitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Place> {
  const { clock } = runtime;
  const lastMs = clock.now() + maxWaitMs;
  for (;;) {
    const retryAtMs = await tryPlace(runtime, scopesOf(runtime, provider, account));
    if (retryAtMs === undefined) return { ok: true };
    if (retryAtMs > lastMs) return { ok: false, retryAtMs };
    await clock.sleep(retryAtMs - clock.now(), signal);
  }
}

/**
 * After a 429: nobody asks before the instant answered (Unix ms), 1 s to 1 h from now, whatever `retryAfter` says.
 * Where the provider counts by account alone only that account waits, else everybody.
 */
export async function pause(
  runtime: LimitRuntime,
  provider: Limited,
  account: string,
  retryAfter: string | undefined,
): Promise<number> {
  const [mine, everybodys] = scopesOf(runtime, provider, account);
  const scope = mine.limits.length > 0 && everybodys.limits.length === 0 ? mine : everybodys;
  const nowMs = runtime.clock.now();
  const untilMs = nowMs + retryAfterMs(retryAfter, nowMs);
  return change(runtime, scope, (kept) => {
    const pausedUntilMs = Math.max(kept.pausedUntilMs, untilMs);
    return { next: { ...kept, pausedUntilMs }, result: pausedUntilMs };
  });
}

/** Requests this account could make at once, 0 during a pause; null where the provider names no limit. */
export async function placesLeft(runtime: LimitRuntime, provider: Limited, account: string): Promise<number | null> {
  const nowMs = runtime.clock.now();
  const all: number[] = [];
  for (const scope of scopesOf(runtime, provider, account)) {
    const { pausedUntilMs, counts } = (await runtime.state.get<Kept>(KIND, scope.id))?.value ?? NOTHING;
    if (pausedUntilMs > nowMs) return 0;
    all.push(...scope.limits.map((limit) => Math.max(0, left(counts, limit, nowMs))));
  }
  return all.length === 0 ? null : Math.min(...all);
}

/** Takes a place in every scope; when one has none, the instant to try again. */
async function tryPlace(runtime: LimitRuntime, scopes: readonly Scope[]): Promise<number | undefined> {
  const { state, clock } = runtime;
  // Looked at before anything is taken: a full app must not use up the account's places.
  for (const { id, limits } of scopes) {
    const waitMs = waitOf((await state.get<Kept>(KIND, id))?.value ?? NOTHING, limits, clock.now());
    if (waitMs !== undefined) return waitMs;
  }
  for (const scope of scopes.filter(({ limits }) => limits.length > 0)) {
    const waitMs = await change(runtime, scope, (kept) => {
      const nowMs = clock.now();
      const result = waitOf(kept, scope.limits, nowMs);
      return { result, next: result === undefined ? { ...kept, counts: add(kept.counts, scope.limits, nowMs) } : kept };
    });
    // Somebody was faster in between: what is taken already stays taken, which errs on the provider's side.
    if (waitMs !== undefined) return waitMs;
  }
  return undefined;
}

function waitOf({ pausedUntilMs, counts }: Kept, limits: readonly Limit[], nowMs: number): number | undefined {
  const freeMs = freeAt(counts, limits, nowMs);
  if (pausedUntilMs <= nowMs) return freeMs;
  return Math.max(pausedUntilMs, freeMs ?? 0);
}

/** Changes what is kept of a scope, again from what is there whenever another process was faster. */
async function change<T>(
  { state, clock }: LimitRuntime,
  { id, limits }: Scope,
  step: (kept: Kept) => { readonly next: Kept; readonly result: T },
): Promise<T> {
  for (;;) {
    const there = await state.get<Kept>(KIND, id);
    const kept = there?.value ?? NOTHING;
    const { next, result } = step(kept);
    if (next === kept) return result;
    // Twice the longest window: by then every slice lies behind it.
    const longestMs = Math.max(0, ...limits.map(({ windowS }) => windowS * 2000));
    const expiresAt = Math.max(next.pausedUntilMs, clock.now() + longestMs);
    const put = await state.put(KIND, id, next, { expect: there?.version ?? 0, expiresAt });
    if (put.ok) return result;
  }
}

/** The account's scope, then everybody's. */
function scopesOf({ settings }: LimitRuntime, { id, collect }: Limited, account: string): readonly [Scope, Scope] {
  const limits = settings?.(id).limits ?? collect?.limits ?? [];
  return [
    { id: `${id}:${account}`, limits: limits.filter(({ per }) => per === 'account') },
    { id, limits: limits.filter(({ per }) => per === 'app') },
  ];
}
