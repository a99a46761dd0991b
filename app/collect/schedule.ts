import { localMoment } from '../days.ts';
import { catchUp, firstLooked, noteLooked, noteReceived } from './catch-up.ts';
import { noteCollected, readCollected } from './collected.ts';
import { type Hold, holding } from './hold.ts';
import { look, streamsOf } from './look.ts';
import { type CollectReport, collectReport, type StreamReport } from './report.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { isFetchable, refreshed, sources } from './source.ts';

/** The local hour from which a person's daily look is due: nights are synced, the morning text is not written yet. */
const DUE_HOUR = 6;

/** Looks at everybody's providers once a local day, whatever notices came: a subscription may have ended without a word. */
export async function collectDaily(runtime: CollectRuntime, patience: Patience = {}): Promise<CollectReport> {
  const reports: StreamReport[] = [];
  const busy: string[] = [];
  for (const source of await sources(runtime)) {
    const { connection_id: id } = source.connection;
    const { day, hour } = localMoment(runtime.clock.now(), source.zone);
    const isDue = async (): Promise<boolean> => hour >= DUE_HOUR && (await readCollected(runtime, id)).day !== day;
    if (patience.signal?.aborted === true || !isFetchable(source) || !(await isDue())) continue;
    const work = async (hold: Hold): Promise<readonly StreamReport[]> => {
      const now = await refreshed(runtime, source);
      if (now === undefined || !isFetchable(now) || !(await isDue())) return [];
      const first = firstLooked(runtime, now, runtime.clock.now());
      const isLooked = runtime.lookbackDays > 0 && streamsOf(now).length > 0;
      // What the look-back no longer reaches, because the machine was off or the provider refused, is the backfill's.
      const isSent = now.provider.collect.backfillBounds !== undefined;
      if (isLooked || isSent) await catchUp(runtime, now);
      if (isSent) await noteReceived(runtime, now, { first, today: day });
      const looked = await look(runtime, now, { days: runtime.lookbackDays }, { ...patience, ...hold });
      if (isLooked) await noteLooked(runtime, now, first, looked);
      // What failed is noted and comes by itself; a look that was stopped was none.
      if (patience.signal?.aborted !== true) await noteCollected(runtime, id, { day });
      return looked;
    };
    const looked = await holding(runtime, id, { waitMs: 0 }, work);
    if (looked === undefined) busy.push(id);
    reports.push(...(looked ?? []));
  }
  return collectReport(reports, busy);
}
