/** What became of one stream of one connection. */
export interface StreamReport {
  readonly provider: string;
  readonly user_id: string;
  readonly connection_id: string;
  readonly type: string;
  /** `stored`: everything asked for is durable; `later`: what is missing is noted and comes by itself; `skipped`: it is not asked for, `reason` says why. */
  readonly outcome: 'stored' | 'later' | 'skipped';
  readonly requests: number;
  /** New raw objects. */
  readonly objects: number;
  readonly duplicates: number;
  /** A stable word, null when all is well. */
  readonly reason: string | null;
  readonly detail: string | null;
  /** ISO 8601 in UTC. */
  readonly retry_at: string | null;
}

/** What a look at the providers brought. */
export interface CollectReport {
  readonly streams: readonly StreamReport[];
  readonly requests: number;
  readonly objects: number;
  readonly duplicates: number;
  /** Connections somebody else was fetching for. */
  readonly busy: readonly string[];
}

export function collectReport(streams: readonly StreamReport[], busy: readonly string[] = []): CollectReport {
  const sum = (figure: 'requests' | 'objects' | 'duplicates'): number =>
    streams.reduce((total, stream) => total + stream[figure], 0);
  return { streams, requests: sum('requests'), objects: sum('objects'), duplicates: sum('duplicates'), busy };
}
