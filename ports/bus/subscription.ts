import type { Clock } from '../clock/clock.ts';

/** When a batch is full: at `batchSize` events, or `batchWindowSeconds` after its first. The cloud's rule, on one machine. */
export interface BatchRule {
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
}

/** The queue in front of one handler. */
export interface Subscription<E> {
  add(events: readonly E[]): void;
  busy(): boolean;
  idle(): Promise<void>;
  /** Hands over what waits, full or not, and waits for that run. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export function createSubscription<E>(options: {
  readonly clock: Clock;
  readonly rule: BatchRule;
  readonly handler: (events: readonly E[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): Subscription<E> {
  const { clock, rule, handler, onError } = options;
  let waiting: E[] = [];
  let due = false;
  let timer: AbortController | undefined;
  let run: Promise<void> | undefined;
  let idlers: (() => void)[] = [];

  const busy = (): boolean => run !== undefined || waiting.length > 0;

  function start(): void {
    if (run !== undefined || waiting.length === 0) return;
    if (!due && waiting.length < rule.batchSize) return;
    const events = waiting;
    clear();
    run = handle(events);
  }

  function clear(): void {
    waiting = [];
    due = false;
    timer?.abort();
    timer = undefined;
  }

  async function handle(events: readonly E[]): Promise<void> {
    try {
      await handler(events);
    } catch (error) {
      onError(error);
    } finally {
      run = undefined;
      start();
      wake();
    }
  }

  function wake(): void {
    if (busy()) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  }

  /** The window belongs to the batch that was open when it began: one that closes late must not touch the next. */
  async function openWindow(mine: AbortController): Promise<void> {
    try {
      await clock.sleep(rule.batchWindowSeconds * 1000, mine.signal);
    } catch {
      return;
    }
    if (timer !== mine) return;
    due = true;
    start();
  }

  return {
    add(events) {
      if (events.length === 0) return;
      waiting.push(...events);
      if (timer === undefined) {
        timer = new AbortController();
        void openWindow(timer);
      }
      start();
    },
    busy,
    async idle() {
      if (busy()) await new Promise<void>((resolve) => idlers.push(resolve));
    },
    async flush() {
      due = waiting.length > 0;
      start();
      await run;
    },
    async close() {
      clear();
      await run;
      wake();
    },
  };
}
