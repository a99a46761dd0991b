/** One thing at a time, in order; a failure is told and does not end the work. */
export interface Queue {
  /** Resolves when it is done, or left out because the work was stopped. */
  readonly add: (doing: string, work: () => Promise<unknown>) => Promise<void>;
  /** Resolves when all that was added is done. */
  readonly done: () => Promise<void>;
}

/** A queue that takes nothing up any more after `signal`. */
export function createQueue(signal: AbortSignal, onProblem: (doing: string, error: unknown) => void): Queue {
  let last: Promise<void> = Promise.resolve();
  return {
    add(doing, work) {
      const before = last;
      last = (async () => {
        await before;
        if (signal.aborted) return;
        try {
          await work();
        } catch (error) {
          onProblem(doing, error);
        }
      })();
      return last;
    },
    done: () => last,
  };
}
