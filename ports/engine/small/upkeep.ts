import type { IcebergCatalog } from '../../iceberg/iceberg.ts';
import { isNewPeriod } from './work.ts';

const DAY_MS = 86_400_000;

/**
 * Once in so many days, after the first batch of such a period: ends snapshots replaced longer ago than that, and removes files of runs that died more than a day
 * ago. Files are never many: each commit writes the partitions it touches as one file. What is broken off is done by the next period's.
 */
export async function keepUp(
  catalog: IcebergCatalog,
  past: { readonly finishedMs: number | undefined },
  nowMs: number,
  days: number,
): Promise<void> {
  if (past.finishedMs === undefined || !isNewPeriod(past.finishedMs, nowMs, Math.max(days, 1) * DAY_MS)) return;
  for (const name of await catalog.names()) {
    const table = await catalog.load(name);
    if (table === undefined) continue;
    await catalog.expire(table, nowMs - days * DAY_MS);
    const left = await catalog.load(name);
    if (left !== undefined) await catalog.sweep(left, nowMs - DAY_MS);
  }
}
