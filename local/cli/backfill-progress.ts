import { Presets, SingleBar } from 'cli-progress';
import type { BackfillProgress } from '../../app/collect/advance.ts';
import type { Clock } from '../../ports/clock/clock.ts';

const LINE_MS = 10_000;

export interface ShownProgress {
  readonly show: (progress: BackfillProgress) => void;
  readonly stop: () => void;
}

/** A bar on a terminal; elsewhere a line, at most one in ten seconds. */
export function showBackfill(
  clock: Clock,
  { interactive, say }: { readonly interactive: boolean; readonly say: (line: string) => void },
): ShownProgress {
  return interactive ? bar() : lines(clock, say);
}

function bar(): ShownProgress {
  const format = '{bar} {value}/{total} · {rate}/min · {left} · {quota} · {stream} {from}';
  const shown = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  let started = false;
  return {
    show(progress) {
      const { done, total } = progress;
      if (!started) shown.start(total, 0, words(progress));
      started = true;
      shown.setTotal(total);
      shown.update(done, words(progress));
    },
    stop: () => shown.stop(),
  };
}

function lines(clock: Clock, say: (line: string) => void): ShownProgress {
  let saidAt = -Infinity;
  return {
    show(progress) {
      if (clock.now() - saidAt < LINE_MS) return;
      saidAt = clock.now();
      const { rate, left, quota, stream, from } = words(progress);
      say(`${progress.done} of ${progress.total} · ${rate}/min · ${left} · ${quota} · ${stream} ${from}`);
    },
    stop: () => undefined,
  };
}

function words({ ratePerMin, secondsLeft, quotaLeft, stream, from }: BackfillProgress) {
  const left = secondsLeft === null ? 'time unknown' : `${Math.ceil(secondsLeft / 60)} min left`;
  const quota = quotaLeft === null ? 'no limit named' : `${quotaLeft} requests left`;
  return { rate: Math.round(ratePerMin), left, quota, stream, from };
}
