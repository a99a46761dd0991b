import { readMetrics } from '../freshness/metric.ts';
import type { Runtime } from '../runtime.ts';
import type { RowSource } from './page.ts';

/** What helps with what only a reader can name; the others stand in the table. */
const REMEDIES: Readonly<Record<string, string>> = { provider_silent: 'look_at_source' };

/** The rows of the mart with what is late now; `from` and `to` bound the last day. */
export function freshness(runtime: Pick<Runtime, 'warehouse' | 'clock'>): RowSource {
  return async ({ userId, from, to, metric, after, limit }) => {
    const all = await readMetrics(runtime, userId);
    return all
      .filter(({ fares }) => fares.lastDay >= from && fares.lastDay <= to)
      .filter(({ fares }) => metric === undefined || fares.metric === metric)
      .map(({ row, fares: { provider, metric: of, late, cause } }) => ({
        key: `${provider}|${of}`,
        row: { ...row, late, cause, remedy: row['remedy'] ?? REMEDIES[cause ?? ''] ?? null },
      }))
      .filter(({ key }) => key > after)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  };
}
