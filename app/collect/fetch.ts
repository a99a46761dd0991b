import type { Stream } from '../../providers/kit/collect.ts';
import { sayDone } from './done.ts';
import { noteGivenUp } from './given-up.ts';
import { readMark, setMark } from './mark.ts';
import { missedAfter } from './missed.ts';
import { clearPending, notePending, pendingOf, type Pending } from './pending.ts';
import type { StreamReport } from './report.ts';
import { DAY_MS, HOUR_MS, type CollectRuntime } from './runtime.ts';
import { loseScope, regainScope } from './scope.ts';
import { type Skipped, type Source, whySkipped } from './source.ts';
import { type Days, union, windowsOf } from './window.ts';
import { type Asked, type Asking, askWindows } from './windows.ts';

/** How a stream is fetched; only inside `holding`. */
export interface Fetching extends Asking {
  /** Also what waits for its time after a failure: somebody asks for it now. */
  readonly force?: boolean;
}

/** Windows of what is noted that one look asks for at most, where nobody waits for it: what is left comes with the next. */
export const MOST_WINDOWS = 20;

type Said = Partial<StreamReport> & Pick<StreamReport, 'outcome'>;

/**
 * Fetches days of one stream, with what is noted of it, newest first; what is not answered stays noted. Days of a stream that is left alone
 * for a while are noted until then; one that must not be asked for is skipped, and what was noted of it is forgotten.
 */
export async function fetchStream(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  days: readonly Days[],
  fetching: Fetching,
): Promise<StreamReport> {
  const { connection_id } = source.connection;
  const now = runtime.clock.now();
  const noted = (await pendingOf(runtime, connection_id)).find(({ type }) => type === stream.type);
  const { days: open = [], missed } = noted ?? {};
  const wanted = union([...days, ...open], stream.windowDays);
  const skipped = await whySkipped(runtime, source, stream);
  if (skipped !== undefined) {
    await skip(runtime, source, stream, skipped, { noted, wanted });
    return report(source, stream, { outcome: 'skipped', ...skipped });
  }
  const isDue = (atMs: number): boolean => fetching.force === true || atMs <= now;
  if (noted !== undefined && open.length > 0 && !isDue(noted.notBeforeMs)) {
    // Nothing is asked: only the days of a new wish are added.
    const waiting = await notePending(runtime, { ...noted, days: wanted, retryAtMs: noted.notBeforeMs });
    return report(source, stream, later(waiting));
  }
  const again = missed !== undefined && isDue(missed.notBeforeMs);
  const all = again ? union([...wanted, ...missed.days], stream.windowDays) : wanted;
  const own = days.flatMap((one) => windowsOf(one, stream.windowDays, source.zone)).length;
  const most = fetching.most ?? (fetching.force === true ? Infinity : own + MOST_WINDOWS);
  const isAgain = wanted.length === 0;
  const asked = await askWindows(runtime, source, stream, all, { ...fetching, most, isAgain });
  const { requests, objects, duplicates } = asked;
  const said = await settle(runtime, source, stream, asked, { noted, again, fetching });
  return report(source, stream, { requests, objects, duplicates, ...said });
}

/** Days of a stream that will be asked for again are kept: until its mark ends, or until it is connected again. */
async function skip(
  runtime: CollectRuntime,
  { connection }: Source,
  { type }: Stream,
  { reason, detail }: Skipped,
  { noted, wanted }: { readonly noted: Pending | undefined; readonly wanted: readonly Days[] },
): Promise<void> {
  const { connection_id } = connection;
  const mark = await readMark(runtime, connection_id, type);
  const isMarked = mark?.cause === reason;
  const mayReturn = connection.kind === 'oauth' && connection.state !== 'active';
  if (!isMarked && !mayReturn) return clearPending(runtime, connection_id, type);
  if (wanted.length === 0) return undefined;
  const retryAtMs = isMarked ? mark.at + DAY_MS : runtime.clock.now() + HOUR_MS;
  await notePending(runtime, { connection_id, type, days: wanted, attempts: noted?.attempts ?? 0, detail, retryAtMs });
}

interface Before {
  readonly noted: Pending | undefined;
  /** What had been missed was asked for again. */
  readonly again: boolean;
  readonly fetching: Fetching;
}

/** Notes what is left after asking, marks a stream that is refused, and says what became of it. */
async function settle(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  asked: Asked,
  { noted, again, fetching }: Before,
): Promise<Said> {
  const { connection_id } = source.connection;
  const { stopped, left } = asked;
  const nowMs = runtime.clock.now();
  if ((stopped !== undefined || asked.missed.length > 0) && !(await fetching.renew())) {
    // Whoever holds it now notes what is left; a word of ours could take away some of theirs.
    return { outcome: 'later', reason: 'taken_over', detail: 'Another process took over.' };
  }
  const { windowDays } = stream;
  const { left: missed, givenUp } = missedAfter(noted?.missed, asked, { nowMs, wasAsked: again, windowDays });
  if (givenUp.length > 0) {
    runtime.counters?.count(source.provider.id, 'days_given_up');
    await noteGivenUp(runtime, { connection_id, type: stream.type, days: givenUp, ...asked.because });
  }
  const days = union(left, windowDays);
  let kept: Pending | undefined;
  if (days.length === 0 && missed === undefined) await clearPending(runtime, connection_id, stream.type);
  else {
    const next = whenAgain(stopped, noted?.attempts ?? 0, nowMs);
    const detail = days.length === 0 && missed !== undefined ? missed.detail : next.detail;
    const pending = { connection_id, type: stream.type, days, ...next, detail, missed: missed ?? 'none' } as const;
    kept = await notePending(runtime, pending);
  }
  const refused = await markFor(runtime, source, stream, asked);
  if (refused !== undefined) return { outcome: 'skipped', ...refused };
  if (asked.answered > 0) await regainScope(runtime, source, stream);
  if (kept !== undefined && days.length > 0) return later(kept);
  if (kept !== undefined && asked.missed.length > 0) return { ...later(kept), reason: asked.because.cause };
  await sayDone(runtime, source, { brought: asked.objects > 0 });
  return { outcome: 'stored' };
}

/** When the days that are left are asked for, and why then. */
function whenAgain(
  stopped: Asked['stopped'],
  attempts: number,
  nowMs: number,
): { readonly attempts: number; readonly detail: string; readonly retryAtMs?: number | undefined } {
  if (stopped === undefined) return { attempts: 0, detail: '', retryAtMs: nowMs };
  switch (stopped.kind) {
    case 'enough':
      return { attempts: 0, detail: 'There are more days than one look asks for.', retryAtMs: nowMs };
    case 'ended':
      return { attempts: attempts + 1, detail: 'It has to be connected again first.', retryAtMs: nowMs + HOUR_MS };
    case 'later':
      return { attempts: attempts + 1, detail: stopped.detail, retryAtMs: stopped.retryAtMs };
    default:
      return { attempts: attempts + 1, detail: stopped.detail, retryAtMs: nowMs + DAY_MS };
  }
}

/** Leaves the stream alone for a day where the provider refuses it; one that answers some of it does not. */
async function markFor(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  { stopped, answered }: Asked,
): Promise<Skipped | undefined> {
  if (stopped === undefined || stopped.kind === 'enough' || stopped.kind === 'later' || stopped.kind === 'ended')
    return undefined;
  const { kind: cause, detail } = stopped;
  if (cause === 'request_refused' && answered > 0) return undefined;
  await setMark(runtime, source.connection.connection_id, { type: stream.type, cause, detail });
  if (cause === 'not_allowed') await loseScope(runtime, source, stream);
  return { reason: cause, detail };
}

function later({ detail, notBeforeMs }: Pending) {
  return { outcome: 'later', reason: 'later', detail, retry_at: new Date(notBeforeMs).toISOString() } as const;
}

function report({ provider, connection }: Source, { type }: Stream, said: Said): StreamReport {
  const { user_id, connection_id } = connection;
  const nothing = { requests: 0, objects: 0, duplicates: 0, reason: null, detail: null, retry_at: null };
  return { provider: provider.id, user_id, connection_id, type, ...nothing, ...said };
}
