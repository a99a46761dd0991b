import { fetchStream } from './fetch.ts';
import { type Hold, holding } from './hold.ts';
import { clearPending, pendingOf } from './pending.ts';
import { type CollectReport, collectReport, type StreamReport } from './report.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { refreshed, sources } from './source.ts';

/** Fetches what earlier failures left, as far as its time has come. */
export async function collectOverdue(runtime: CollectRuntime, patience: Patience = {}): Promise<CollectReport> {
  const now = runtime.clock.now();
  const due = (await pendingOf(runtime)).filter(({ notBeforeMs }) => notBeforeMs <= now);
  const known = await sources(runtime);
  const reports: StreamReport[] = [];
  const busy: string[] = [];
  for (const { connection_id: id, type } of due) {
    if (patience.signal?.aborted === true) break;
    const source = known.find(({ connection }) => connection.connection_id === id);
    const stream = source?.provider.collect.streams.find((one) => one.type === type);
    if (source === undefined || stream === undefined) {
      await clearPending(runtime, id, type);
      continue;
    }
    const work = async (hold: Hold): Promise<StreamReport | undefined> => {
      const current = await refreshed(runtime, source);
      const isLeft = (await pendingOf(runtime, id)).some((one) => one.type === type);
      if (current === undefined || !isLeft) return undefined;
      return fetchStream(runtime, current, stream, [], { ...patience, ...hold });
    };
    const held = await holding(runtime, id, { waitMs: 0 }, async (hold) => ({ report: await work(hold) }));
    if (held === undefined) busy.push(id);
    else if (held.report !== undefined) reports.push(held.report);
  }
  return collectReport(reports, busy);
}
