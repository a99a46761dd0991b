import { alertChanged, alertDue } from '../app/alerts.ts';
import { takeInbox } from '../app/inbox.ts';
import { dropRefused } from '../app/refused.ts';
import { sendDue } from '../app/send-due.ts';
import { transform } from '../app/transform.ts';
import { startCollecting } from './collecting.ts';
import { continueForgetting } from './forgetting.ts';
import type { LocalRuntime } from './runtime.ts';
import { every } from './every.ts';
import { createQueue } from './queue.ts';
import { watchWake } from './wake.ts';

const REFUSED_MS = 15 * 60_000;
const FORGET_MS = 5 * 60_000;
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

/** What a server does beside answering: batches by the rule, fetching and the sweep, the inbox, the morning text. `onProblem` hears what failed; work goes on. */
export function startWork(runtime: LocalRuntime, onProblem: (doing: string, error: unknown) => void): Work {
  const stop = new AbortController();
  const publishing = createQueue(stop.signal, onProblem);
  // Of its own: a batch does not wait for a provider that is slow.
  const collecting = createQueue(stop.signal, onProblem);
  const mail = async () => {
    await publishing.add('the morning text', () => sendDue(runtime));
    await publishing.add('what is new', () => alertDue(runtime, stop.signal));
  };
  const batch = async () => {
    await publishing.add('a batch', () => transform(runtime));
    await mail();
  };

  const { size, windowSeconds } = runtime.batch;
  runtime.bus.subscribe('Raw Object Stored', { batchSize: size, batchWindowSeconds: windowSeconds }, batch);
  runtime.bus.subscribe('Batch Published', { batchSize: 1, batchWindowSeconds: 0 }, (events) => {
    const users = new Set(events.flatMap(({ detail }) => detail.users));
    return publishing.add('what a batch brought', () => alertChanged(runtime, [...users], stop.signal));
  });
  const woken = watchWake(runtime.state);
  startCollecting(runtime, collecting, { signal: stop.signal, onProblem });
  every(runtime.clock, REFUSED_MS, stop.signal, () =>
    publishing.add('the end of old refusals', () => dropRefused(runtime)),
  );
  every(runtime.clock, REFUSED_MS, stop.signal, () =>
    publishing.add('the end of old exports', async () => runtime.exports?.dropOld()),
  );
  every(runtime.clock, FORGET_MS, stop.signal, () =>
    publishing.add('the rest of forgetting somebody', () => continueForgetting(runtime)),
  );
  every(runtime.clock, MAIL_MS, stop.signal, mail);
  every(runtime.clock, LOOK_MS, stop.signal, async () => {
    let news = false;
    await publishing.add('the inbox', async () => {
      news = (await takeInbox(runtime, runtime.inbox)).objects > 0 || (await woken());
    });
    // Somebody at this machine waits for it: no need to wait for the window of the rule.
    if (news) await batch();
  });

  return {
    async settle() {
      await runtime.bus.flush();
      await collecting.done();
      // What was fetched just now waits for the batch rule.
      await runtime.bus.flush();
      await publishing.done();
    },
    async close() {
      stop.abort();
      const limit = new AbortController();
      const patience = runtime.clock.sleep(STOP_MS, limit.signal).then(
        () => 'left' as const,
        () => 'finished' as const,
      );
      const idle = Promise.all([collecting.done(), publishing.done()]).then(() => 'finished' as const);
      const end = await Promise.race([idle, patience]);
      limit.abort();
      return end;
    },
  };
}
