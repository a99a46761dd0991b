import * as z from 'zod';
import { begin, begins } from '../app/collect/begin.ts';
import { collectNotices } from '../app/collect/notices.ts';
import type { CollectRuntime } from '../app/collect/runtime.ts';
import { doCollect } from '../app/work.ts';
import { collectAsked, connectionChanged, type messages, noticeStored } from './events.ts';
import { tell, unknownEvent } from './problem.ts';

type Message = z.output<typeof messages>['Records'][number];

/** What Lambda is answered: these messages come again, or end as dead letters; all others are done. */
export interface Answer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const asked = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
});
const known = asked.pipe(z.union([noticeStored, connectionChanged, collectAsked]));

/** Does what messages ask for, each on its own, but the notices among them as one look. What there is no time left for comes again. */
export async function takeMessages(
  runtime: CollectRuntime,
  records: readonly Message[],
  signal: AbortSignal,
): Promise<Answer> {
  const failed: string[] = [];
  const attempt = async (ids: readonly string[], work: () => Promise<unknown>): Promise<void> => {
    try {
      signal.throwIfAborted();
      await work();
    } catch (error) {
      tell('collect', error);
      failed.push(...ids);
    }
  };
  const read = records.map(({ messageId: id, body }) => ({ id, event: known.safeParse(body).data }));
  const notices = read.flatMap(({ id, event }) =>
    event?.['detail-type'] === 'Notice Stored' ? [{ id, key: event.detail.key }] : [],
  );
  if (notices.length > 0) {
    const keys = notices.map(({ key }) => key);
    await attempt(
      notices.map(({ id }) => id),
      () => collectNotices(runtime, { keys, signal }),
    );
  }
  for (const { id, event } of read) {
    if (event?.['detail-type'] === 'Notice Stored') continue;
    await attempt([id], () => take(runtime, event, signal));
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function take(
  runtime: CollectRuntime,
  event: z.output<typeof connectionChanged> | z.output<typeof collectAsked> | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (event === undefined) throw unknownEvent('collect');
  if (event['detail-type'] === 'Work Asked') return doCollect(runtime, event.detail.work, { signal, afresh: true });
  const { connection_id: id, change } = event.detail;
  if (begins(change)) await begin(runtime, id, { signal });
}
