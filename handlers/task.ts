import type * as z from 'zod';
import type { FunctionName } from './environment.ts';
import { once } from './once.ts';
import { codeOf, tell, unknownEvent } from './problem.ts';

/** What Lambda says of a call, as far as it is asked. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/** A runtime that holds what others may change. */
interface Refreshed {
  readonly refresh?: (() => Promise<void>) | undefined;
}

export interface Task<E, R, T> {
  readonly name: FunctionName;
  /** The events it is called with; any other is `unknown_event`, and nothing of it is done. */
  readonly event: z.ZodType<E>;
  readonly open: () => Promise<R & Refreshed>;
  /** `signal` comes while there is time for a request that is under way and for what it brings to be stored. */
  readonly work: (runtime: R, event: E, signal: AbortSignal) => Promise<T>;
}

/** The longest that is begun before the signal: a token is presented (40 s at most), its successor saved, and an answer fetched (20 s). */
export const GRACE_MS = 90_000;

/**
 * A function that is called by an event. What fails is told by its code and thrown as an Error that says nothing else, so that Lambda
 * repeats the call or keeps it as a dead letter.
 */
export function task<E, R, T>({
  name,
  event: shape,
  open,
  work,
}: Task<E, R, T>): (event: unknown, context: Context) => Promise<T> {
  const opened = once(open);
  return async (given, context) => {
    try {
      const event = shape.safeParse(given);
      if (!event.success) throw unknownEvent(name);
      const runtime = await opened();
      await runtime.refresh?.();
      return await work(runtime, event.data, stopIn(context.getRemainingTimeInMillis() - GRACE_MS));
    } catch (error) {
      tell(name, error);
      // Lambda writes what is thrown into the log, with all its words and causes.
      return Promise.reject(new Error(codeOf(error)));
    }
  };
}

function stopIn(ms: number): AbortSignal {
  return ms > 0 ? AbortSignal.timeout(ms) : AbortSignal.abort();
}
