import { alertChanged, type AlertRuntime } from '../alerts.ts';
import { sendDue } from '../send-due.ts';
import { applyBatches, type CopyRuntime } from './copy.ts';

/** Whom a batch is about; an event has no room for thousands, and then names nobody. */
interface Published {
  readonly users: readonly string[];
  readonly days: number;
}

/** What follows a published batch: the readings, the morning texts that were waiting for it, and what is new. Safe under any number of events, or none. */
export async function afterBatch(
  runtime: AlertRuntime & CopyRuntime,
  { users, days }: Published,
  signal?: AbortSignal,
): Promise<{ readonly batches: number; readonly sent: number; readonly alerts: number }> {
  const batches = await applyBatches(runtime);
  const sent = await sendDue(runtime);
  return {
    batches,
    sent,
    alerts: await alertChanged(runtime, users.length === 0 && days > 0 ? 'everybody' : users, signal),
  };
}
