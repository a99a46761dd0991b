import type { Clock } from '../../../ports/clock/clock.ts';

/** So many requests in so many seconds. */
export interface Window {
  readonly requests: number;
  readonly windowS: number;
}

export interface Limit extends Window {
  /** Counts a request. `resetS`: the end of the running window, Unix s. */
  take(): { readonly ok: boolean; readonly resetS: number; readonly retryAfterS: number };
}

/** Counts requests in fixed windows. */
export function createLimit(window: Window, clock: Clock): Limit {
  let startS = 0;
  let count = 0;
  return {
    ...window,
    take() {
      const nowS = Math.floor(clock.now() / 1000);
      if (nowS >= startS + window.windowS) [startS, count] = [nowS, 0];
      count += 1;
      const resetS = startS + window.windowS;
      return { ok: count <= window.requests, resetS, retryAfterS: resetS - nowS };
    },
  };
}
