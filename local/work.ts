import { takeInbox } from '../app/inbox.ts';
import { dropRefused } from '../app/refused.ts';
import { sendDue } from '../app/send-due.ts';
import { sweep } from '../app/sweep.ts';
import { transform } from '../app/transform.ts';
import type { LocalRuntime } from './runtime.ts';
import { every } from './every.ts';
import { createInbox } from './inbox.ts';
import { watchWake } from './wake.ts';

const SWEEP_MS = 15 * 60_000;
const LOOK_MS = 3_000;
const MAIL_MS = 60_000;
/** How long an orderly stop waits for a running batch; one that is left is healed by the next. */
const STOP_MS = 10_000;

export interface Work {
  /** Hands over what waits for the batch rule and resolves when nothing runs. */
  readonly settle: () => Promise<void>;
  /** `left`: a batch took longer than an orderly stop waits. */
  readonly close: () => Promise<'finished' | 'left'>;
}

/** What a server does beside answering: batches by the rule, the sweep, the inbox, the morning text. `onProblem` hears what failed; work goes on. */
export function startWork(runtime: LocalRuntime, onProblem: (doing: string, error: unknown) => void): Work {
  const stop = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  /** One thing at a time, in order; a failure is told and does not end the work. */
  const enqueue = (doing: string, work: () => Promise<unknown>): Promise<void> => {
    const before = queue;
    queue = (async () => {
      await before;
      if (stop.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        onProblem(doing, error);
      }
    })();
    return queue;
  };
  const mail = () => enqueue('the morning text', () => sendDue(runtime));
  const batch = async () => {
    await enqueue('a batch', () => transform(runtime));
    await mail();
  };

  const { size, windowSeconds } = runtime.batch;
  runtime.bus.subscribe('Raw Object Stored', { batchSize: size, batchWindowSeconds: windowSeconds }, batch);
  const inbox = createInbox(runtime.dataDir);
  const woken = watchWake(runtime.state);
  every(runtime.clock, SWEEP_MS, stop.signal, () => enqueue('the sweep', () => sweep(runtime)));
  every(runtime.clock, SWEEP_MS, stop.signal, () => enqueue('the end of old refusals', () => dropRefused(runtime)));
  every(runtime.clock, MAIL_MS, stop.signal, mail);
  every(runtime.clock, LOOK_MS, stop.signal, async () => {
    let news = false;
    await enqueue('the inbox', async () => {
      news = (await takeInbox(runtime, inbox)).objects > 0 || (await woken());
    });
    // Somebody at this machine waits for it: no need to wait for the window of the rule.
    if (news) await batch();
  });

  return {
    async settle() {
      await runtime.bus.flush();
      await queue;
    },
    async close() {
      stop.abort();
      const limit = new AbortController();
      const patience = runtime.clock.sleep(STOP_MS, limit.signal).then(
        () => 'left' as const,
        () => 'finished' as const,
      );
      const end = await Promise.race([queue.then(() => 'finished' as const), patience]);
      limit.abort();
      return end;
    },
  };
}
