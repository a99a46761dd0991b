import type { Stream } from '../../providers/kit/collect.ts';
import { noteCollected } from './collected.ts';
import { fetchWindow, type Paged } from './pages.ts';
import type { Missed } from './pending.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import type { Source } from './source.ts';
import { type Days, windowsOf } from './window.ts';

/** Refusals one after the other that are about the stream; a single one is about its window. */
const REFUSED_IN_A_ROW = 2;

/** How windows are asked for; only inside `holding`. */
export interface Asking extends Patience {
  readonly renew: () => Promise<boolean>;
  /** Windows asked for at most. */
  readonly most?: number;
  /** Nothing but windows that were missed before: that they are refused once more says nothing of the stream. */
  readonly isAgain?: boolean;
  /** Hears the text of every page that was stored. */
  readonly onPage?: (text: string) => void;
}

type End = Exclude<Paged['end'], { ok: true }>;

/** What became of the windows of some days. */
export interface Asked {
  readonly requests: number;
  readonly objects: number;
  readonly duplicates: number;
  /** Windows that were answered to the last page. */
  readonly answered: number;
  /** Windows that were cut, their first pages stored, or refused as they are; why says the last one. */
  readonly missed: readonly Days[];
  readonly because: Pick<Missed, 'cause' | 'detail'>;
  /** Still to be asked for. */
  readonly left: readonly Days[];
  /** Why it ended before the last window, where it did; `enough`: as many were asked for as may be. */
  readonly stopped: Exclude<End, { kind: 'cut' }> | { readonly kind: 'enough' } | undefined;
}

/** Asks for days window by window, newest first; one that is refused or cut does not stop the others. */
export async function askWindows(
  runtime: CollectRuntime,
  source: Source,
  stream: Stream,
  days: readonly Days[],
  asking: Asking,
): Promise<Asked> {
  const windows = days.toReversed().flatMap((one) => windowsOf(one, stream.windowDays, source.zone));
  const counted = { requests: 0, objects: 0, duplicates: 0, answered: 0 };
  const missed: Days[] = [];
  let because: Asked['because'] = { cause: 'pages_cut', detail: '' };
  let inARow = 0;
  const ended = (from: number, stopped?: Asked['stopped']): Asked => {
    const left = windows.slice(from).map((one) => ({ from: one.from, to: one.to }));
    return { ...counted, missed, because, left, stopped };
  };
  for (const [index, window] of windows.entries()) {
    if (index === asking.most) return ended(index, { kind: 'enough' });
    const keepTexts = asking.onPage !== undefined;
    const paged = await fetchWindow(runtime, source, stream, window, { ...asking, keepTexts });
    for (const figure of ['requests', 'objects', 'duplicates'] as const) counted[figure] += paged[figure];
    for (const text of paged.texts) asking.onPage?.(text);
    if (paged.objects + paged.duplicates > 0)
      await noteCollected(runtime, source.connection.connection_id, { at: runtime.clock.now() });
    const { end } = paged;
    inARow = end.ok || end.kind !== 'request_refused' ? 0 : inARow + 1;
    if (end.ok) {
      counted.answered += 1;
      continue;
    }
    if (end.kind !== 'cut' && end.kind !== 'request_refused') return ended(index, end);
    missed.push({ from: window.from, to: window.to });
    because = { cause: end.kind === 'cut' ? 'pages_cut' : 'request_refused', detail: end.detail };
    if (end.kind === 'cut') continue;
    runtime.counters?.count(source.provider.id, 'window_refused');
    const isOfStream = inARow === REFUSED_IN_A_ROW || windows.length === 1;
    if (isOfStream && asking.isAgain !== true) return ended(index + 1, end);
  }
  return ended(windows.length);
}
