import { begin, begins } from '../app/collect/begin.ts';
import { collectNotices } from '../app/collect/notices.ts';
import { repair } from '../app/sweep.ts';
import type { Queue } from './queue.ts';
import { every } from './every.ts';
import type { LocalRuntime } from './runtime.ts';

/** A burst of notices becomes one look: ten of them, or what came in two seconds. */
const NOTICES = { batchSize: 10, batchWindowSeconds: 2 } as const;
const CONNECTIONS = { batchSize: 1, batchWindowSeconds: 1 } as const;

/** What a server fetches: what notices name, the first days after connecting, and with every sweep whatever is left. */
export function startCollecting(
  runtime: LocalRuntime,
  queue: Queue,
  { signal, onProblem }: { readonly signal: AbortSignal; readonly onProblem: (doing: string, error: unknown) => void },
): void {
  runtime.bus.subscribe('Notice Stored', NOTICES, (events) =>
    queue.add('the fetching of what notices name', () =>
      collectNotices(runtime, { keys: events.map(({ detail }) => detail.key), signal }),
    ),
  );
  runtime.bus.subscribe('Connection Changed', CONNECTIONS, async (events) => {
    for (const { detail } of events) {
      if (!begins(detail.change)) continue;
      await queue.add('the first fetch', () => begin(runtime, detail.connection_id, { signal }));
    }
  });
  every(runtime.clock, runtime.sweepSeconds * 1000, signal, () =>
    queue.add('the sweep', async () => {
      const { problems } = await repair(runtime, { signal });
      for (const { doing, error } of problems) onProblem(doing, error);
    }),
  );
}
