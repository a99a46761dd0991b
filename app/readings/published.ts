import { type MailRuntime, sendDue } from '../send-due.ts';
import { applyBatches, type CopyRuntime } from './copy.ts';

/** What follows a published batch: the readings, then the morning texts that were waiting for it. Safe under any number of events, or none. */
export async function afterBatch(
  runtime: MailRuntime & CopyRuntime,
): Promise<{ readonly batches: number; readonly sent: number }> {
  const batches = await applyBatches(runtime);
  return { batches, sent: await sendDue(runtime) };
}
