import { Presets, SingleBar } from 'cli-progress';
import type { Clock } from '../../ports/clock/clock.ts';

export interface Progress {
  /** One more is done. */
  readonly step: () => void;
  readonly stop: () => void;
}

/** A bar on stderr with count, rate and time left; nothing at all unless a person looks at it. */
export function showProgress(label: string, total: number, interactive: boolean, clock: Clock): Progress {
  if (!interactive) return { step: () => undefined, stop: () => undefined };
  const startedMs = clock.now();
  const bar = new SingleBar(
    { format: `${label} {bar} {value}/{total} · {rate}/s · {eta_formatted} left`, stream: process.stderr },
    Presets.shades_classic,
  );
  let done = 0;
  bar.start(total, 0, { rate: 0 });
  return {
    step: () => {
      done += 1;
      bar.update(done, { rate: Math.round((done * 1000) / Math.max(1, clock.now() - startedMs)) });
    },
    stop: () => bar.stop(),
  };
}
