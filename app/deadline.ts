import type { Clock } from '../ports/clock/clock.ts';

export type Timed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** What `work` answers within `ms`; `ok: false` when it takes longer. Work that is given up runs on, its failure unheard. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<Timed<T>> {
  const done = new AbortController();
  const timeout = clock.sleep(ms, done.signal).then(
    (): Timed<T> => ({ ok: false }),
    (): Promise<Timed<T>> => new Promise(() => {}),
  );
  try {
    return await Promise.race([work.then((value): Timed<T> => ({ ok: true, value })), timeout]);
  } finally {
    done.abort();
  }
}
