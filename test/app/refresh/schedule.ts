import { type Chance, createChance } from '../../../local/sandbox/chance.ts';
import type { Clock } from '../../../ports/clock/clock.ts';

interface Waiting {
  readonly process: string;
  readonly go: () => void;
}
interface Sleeper extends Waiting {
  readonly dueMs: number;
}

/** Decides in which order simulated processes take their steps, from a seed. */
export interface Schedule {
  readonly chance: Chance;
  nowMs(): number;
  /** Waits until it is this process's turn; one that has died waits for ever. */
  step(process: string): Promise<void>;
  clockOf(process: string): Clock;
  kill(process: string): void;
  /** From here on no machine stops. */
  calm(): void;
  isAlive(process: string): boolean;
  /** Runs until all of `work` that belongs to living processes has ended; throws when that never happens. */
  run(work: readonly { readonly process: string; readonly done: Promise<unknown> }[]): Promise<void>;
}

export function createSchedule(seed: number, options: { readonly jumps?: number } = {}): Schedule {
  let nowMs = Date.UTC(2026, 10, 20);
  const chance = createChance(`schedule ${seed}`);
  let ready: Waiting[] = [];
  let sleepers: Sleeper[] = [];
  const dead = new Set<string>();
  let jumps = options.jumps ?? 0;

  const wake = (): void => {
    const due = sleepers.filter((sleeper) => sleeper.dueMs <= nowMs);
    sleepers = sleepers.filter((sleeper) => sleeper.dueMs > nowMs);
    ready.push(...due);
  };
  const advance = (): boolean => {
    const [next] = sleepers.toSorted((a, b) => a.dueMs - b.dueMs);
    if (next !== undefined) nowMs = Math.max(nowMs, next.dueMs);
    wake();
    return next !== undefined;
  };

  return {
    chance,
    nowMs: () => nowMs,
    step: (process) => new Promise((go) => void (dead.has(process) || ready.push({ process, go }))),
    clockOf: (process) => ({
      now: () => nowMs,
      sleep: (ms, signal) =>
        new Promise((go, refuse) => {
          const sleeper = { process, go, dueMs: nowMs + ms };
          sleepers.push(sleeper);
          signal?.addEventListener('abort', () => {
            sleepers = sleepers.filter((one) => one !== sleeper);
            refuse(new Error('The sleep was aborted.'));
          });
        }),
    }),
    kill: (process) => void dead.add(process),
    calm: () => void (jumps = 0),
    isAlive: (process) => !dead.has(process),
    async run(work) {
      const left = new Set(work);
      for (const one of work)
        one.done.then(
          () => left.delete(one),
          () => left.delete(one),
        );
      for (let steps = 0; steps < 200_000; steps += 1) {
        await new Promise((settled) => setImmediate(settled));
        ready = ready.filter(({ process }) => !dead.has(process));
        sleepers = sleepers.filter(({ process }) => !dead.has(process));
        if ([...left].every(({ process }) => dead.has(process))) return;
        // A machine that stops for a while, in the middle of anything.
        if (chance.hit(jumps)) nowMs += chance.int(0, 90_000);
        wake();
        if (ready.length === 0 && !advance()) throw new Error('Somebody waits for ever.');
        ready.splice(chance.int(0, ready.length - 1), 1)[0]?.go();
      }
      throw new Error('It never ends.');
    },
  };
}
