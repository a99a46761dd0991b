import type { Clock } from '../clock/clock.ts';
import type { Bus, WellspringEvent } from './bus.ts';
import { createSubscription, type BatchRule, type Subscription } from './subscription.ts';

type DetailType = WellspringEvent['detailType'];
type EventOf<T extends DetailType> = Extract<WellspringEvent, { readonly detailType: T }>;

/** A bus that lives as long as the process: what still waits when it ends is found by the sweep. */
export interface InProcessBus extends Bus {
  /** Runs `handler` with what has come since its last run; one run at a time. */
  subscribe<T extends DetailType>(
    detailType: T,
    rule: BatchRule,
    handler: (events: readonly EventOf<T>[]) => Promise<void>,
  ): void;
  /** Waits until no event waits and no handler runs. */
  idle(): Promise<void>;
  /** Hands over unfinished batches now, and waits as `idle` does. */
  flush(): Promise<void>;
  /** Stops the timers, drops what waits, and waits for the handlers that run. */
  close(): Promise<void>;
}

/** The embedded bus. `onError` is told when a handler throws; its events are not repeated, they are hints. */
export function createInProcessBus(options: {
  readonly clock: Clock;
  readonly onError?: (error: unknown, detailType: DetailType) => void;
}): InProcessBus {
  const subscriptions: (Omit<Subscription<never>, 'add'> & { offer(events: readonly WellspringEvent[]): void })[] = [];
  const onError = options.onError ?? warn;
  let open = true;

  async function settle(step: 'idle' | 'flush'): Promise<void> {
    // A handler may publish for another subscription: go round until a whole round found nothing.
    while (subscriptions.some((subscription) => subscription.busy())) {
      await Promise.all(subscriptions.map((subscription) => subscription[step]()));
    }
  }

  return {
    async publish(events) {
      if (!open) return events.map(() => ({ ok: false, reason: 'The bus is closed.' }));
      for (const subscription of subscriptions) subscription.offer(events);
      return events.map(() => ({ ok: true }));
    },
    subscribe<T extends DetailType>(
      detailType: T,
      rule: BatchRule,
      handler: (events: readonly EventOf<T>[]) => Promise<void>,
    ) {
      const isMine = (event: WellspringEvent): event is EventOf<T> => event.detailType === detailType;
      const queue = createSubscription<EventOf<T>>({
        clock: options.clock,
        rule,
        handler,
        onError: (error) => onError(error, detailType),
      });
      subscriptions.push({ ...queue, offer: (events) => queue.add(events.filter(isMine)) });
    },
    idle: () => settle('idle'),
    flush: () => settle('flush'),
    async close() {
      open = false;
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    },
  };
}

function warn(error: unknown, detailType: DetailType): void {
  const name = error instanceof Error ? error.name : 'Error';
  process.emitWarning(`A handler of "${detailType}" threw (${name}); the sweep repeats its work.`);
}
