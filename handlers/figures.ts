import { createCounters, type Counters } from '../app/counters.ts';
import type { Measure } from '../app/measure.ts';
import type { Clock } from '../ports/clock/clock.ts';

/** What a function tells CloudWatch in lines of its log, without a call. */
export interface Figures {
  readonly counters: Counters;
  /** Figures alarms look at; the names are those of infra/alarm-list.ts. */
  readonly measure: (name: Measure, value: number) => void;
}

/**
 * Figures as CloudWatch Embedded Metric Format. Every metric with a value in an hour costs, so counts are named by their reason alone and
 * the provider stands beside them, where Logs Insights finds it. `write` takes one line.
 */
export function createFigures(options: {
  readonly namespace: string;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}): Figures {
  const { namespace: Namespace, clock, write } = options;
  const emit = (Name: string, Unit: 'Count' | 'Seconds', value: number, properties: object = {}): void => {
    const metrics = [{ Namespace, Dimensions: [[]], Metrics: [{ Name, Unit }] }];
    const about = { _aws: { Timestamp: clock.now(), CloudWatchMetrics: metrics } };
    write(`${JSON.stringify({ ...about, ...properties, [Name]: value })}\n`);
  };
  const kept = createCounters();
  return {
    counters: {
      ...kept,
      count(provider, reason, times = 1) {
        kept.count(provider, reason, times);
        emit(reason, 'Count', times, { provider });
      },
    },
    measure: (name, value) => emit(name, 'Seconds', value),
  };
}
