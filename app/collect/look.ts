import type { Stream } from '../../providers/kit/collect.ts';
import type { Hold } from './hold.ts';
import { type Fetching, fetchStream } from './fetch.ts';
import type { StreamReport } from './report.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { type Days, lastDays } from './window.ts';

/** Streams a look asks for: all, or those that hold a metric. Where the provider sends old data itself nothing can be fetched. */
export function streamsOf({ provider }: Source, metric?: string): readonly Stream[] {
  if (provider.collect.requestBackfill !== undefined) return [];
  const { streams } = provider.collect;
  return metric === undefined ? streams : streams.filter(({ metrics }) => metrics.includes(metric));
}

/** Fetches the last days of a connection's streams, one after the other; only inside `holding`. */
export async function look(
  runtime: CollectRuntime,
  source: Source,
  wanted: { readonly days: number; readonly metric?: string | undefined },
  fetching: Omit<Fetching, 'renew'> & Hold,
): Promise<readonly StreamReport[]> {
  const days = lastDays(runtime.clock.now(), source.zone, wanted.days);
  return fetchStreams(runtime, source, new Map(streamsOf(source, wanted.metric).map((one) => [one, [days]])), fetching);
}

/** Fetches these days of these streams, one stream after the other; only inside `holding`. */
async function fetchStreams(
  runtime: CollectRuntime,
  source: Source,
  wanted: ReadonlyMap<Stream, readonly Days[]>,
  fetching: Fetching,
): Promise<readonly StreamReport[]> {
  const reports: StreamReport[] = [];
  for (const [stream, days] of wanted) reports.push(await fetchStream(runtime, source, stream, days, fetching));
  return reports;
}
