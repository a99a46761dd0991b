import type { Stream } from '../../providers/kit/collect.ts';
import { noteCollected } from './collected.ts';
import { setMark } from './mark.ts';
import { fetchWindow, type Paged } from './pages.ts';
import { clearPending, notePending, pendingOf, type Pending } from './pending.ts';
import type { StreamReport } from './report.ts';
import { DAY_MS, HOUR_MS, type CollectRuntime, type Patience } from './runtime.ts';
import { loseScope, regainScope } from './scope.ts';
import { type Source, whySkipped } from './source.ts';
import { type Days, union, windowsOf } from './window.ts';

/** How a stream is fetched; only inside `holding`. */
export interface Fetching extends Patience {
  readonly renew: () => Promise<boolean>;
  /** Also what waits for its time after a failure: somebody asks for it now. */
  readonly force?: boolean;
  /** Hears the text of every page that was stored. */
  readonly onPage?: (text: string) => void;
}

/**
 * Fetches days of one stream, with what earlier failures left of it, newest first; what fails again stays noted.
 * A stream that must not be asked for is skipped, and what was noted of it is forgotten.
 */
export async function fetchStream(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  days: readonly Days[],
  fetching: Fetching,
): Promise<StreamReport> {
  const { connection_id } = source.connection;
  const noted = (await pendingOf(runtime, connection_id)).find(({ type }) => type === stream.type);
  const wanted = union([...days, ...(noted?.days ?? [])], stream.windowDays);
  const skipped = await whySkipped(runtime, source, stream);
  if (skipped !== undefined) {
    if (source.connection.state === 'active') await clearPending(runtime, connection_id, stream.type);
    return report(source, stream, { outcome: 'skipped', ...skipped });
  }
  if (noted !== undefined && fetching.force !== true && noted.notBeforeMs > runtime.clock.now()) {
    // Nothing is asked: only the days of a new wish are added.
    const waiting = await notePending(runtime, { ...noted, days: wanted, retryAtMs: noted.notBeforeMs });
    return report(source, stream, later(waiting));
  }
  return fetchWindows(runtime, source, stream, wanted, { ...fetching, attempts: noted?.attempts ?? 0 });
}

async function fetchWindows(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  wanted: readonly Days[],
  fetching: Fetching & { readonly attempts: number },
): Promise<StreamReport> {
  const { connection_id } = source.connection;
  const windows = wanted.toReversed().flatMap((one) => windowsOf(one, stream.windowDays, source.zone));
  const counted = { requests: 0, objects: 0, duplicates: 0 };
  const cuts: Days[] = [];
  for (const [index, window] of windows.entries()) {
    const paged = await fetchWindow(runtime, source, stream, window, {
      ...fetching,
      keepTexts: fetching.onPage !== undefined,
    });
    for (const figure of ['requests', 'objects', 'duplicates'] as const) counted[figure] += paged[figure];
    for (const text of paged.texts) fetching.onPage?.(text);
    if (paged.objects + paged.duplicates > 0) await noteCollected(runtime, connection_id, { at: runtime.clock.now() });
    if (paged.end.ok) continue;
    if (paged.end.kind === 'cut') {
      cuts.push({ from: window.from, to: window.to });
      continue;
    }
    const left = [...cuts, ...windows.slice(index).map(({ from, to }) => ({ from, to }))];
    return report(source, stream, {
      ...counted,
      ...(await failed(runtime, source, stream, left, paged.end, fetching.attempts)),
    });
  }
  await regainScope(runtime, source, stream);
  if (cuts.length === 0) {
    await clearPending(runtime, connection_id, stream.type);
    return report(source, stream, { ...counted, outcome: 'stored' });
  }
  // The same question would end the same way at once: tomorrow the provider may have changed.
  const cut = {
    connection_id,
    type: stream.type,
    days: union(cuts, stream.windowDays),
    attempts: fetching.attempts + 1,
  };
  const detail = 'The provider gave more pages than can be; the first of them are stored.';
  const noted = await notePending(runtime, { ...cut, detail, retryAtMs: runtime.clock.now() + DAY_MS });
  return report(source, stream, { ...counted, ...later(noted), reason: 'pages_cut' });
}

type Failure = Exclude<Exclude<Paged['end'], { ok: true }>, { kind: 'cut' }>;

async function failed(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  left: readonly Days[],
  end: Failure,
  attempts: number,
): Promise<Partial<StreamReport> & Pick<StreamReport, 'outcome'>> {
  const { connection_id } = source.connection;
  if (end.kind === 'later' || end.kind === 'ended') {
    const detail = end.kind === 'ended' ? 'It has to be connected again first.' : end.detail;
    const retryAtMs = end.kind === 'ended' ? runtime.clock.now() + HOUR_MS : end.retryAtMs;
    const days = union(left, stream.windowDays);
    return later(
      await notePending(runtime, { connection_id, type: stream.type, days, attempts: attempts + 1, detail, retryAtMs }),
    );
  }
  const { kind: cause, detail } = end;
  await setMark(runtime, connection_id, { type: stream.type, cause, detail });
  if (cause === 'not_allowed') await loseScope(runtime, source, stream);
  await clearPending(runtime, connection_id, stream.type);
  return { outcome: 'skipped', reason: cause, detail };
}

function later({ detail, notBeforeMs }: Pending) {
  return { outcome: 'later', reason: 'later', detail, retry_at: new Date(notBeforeMs).toISOString() } as const;
}

function report(
  { provider, connection }: Source,
  { type }: Stream,
  said: Partial<StreamReport> & Pick<StreamReport, 'outcome'>,
): StreamReport {
  const { user_id, connection_id } = connection;
  const nothing = { requests: 0, objects: 0, duplicates: 0, reason: null, detail: null, retry_at: null };
  return { provider: provider.id, user_id, connection_id, type, ...nothing, ...said };
}
