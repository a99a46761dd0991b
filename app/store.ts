import type { PublishResult, WellspringEvent } from '../ports/bus/bus.ts';
import { within } from './deadline.ts';
import { type Envelope, type RawEnvelope, createEnvelope } from './envelope.ts';
import { WellspringError } from './errors.ts';
import { resourceSegment } from './keys.ts';
import type { ReceiveRuntime } from './runtime.ts';

/** Objects written at the same time: a push of many people waits for few flushes, and a disk is not flooded. */
const AT_ONCE = 16;

/** How long an answer waits for the bus, which only hints. */
const PUBLISH_MS = 300;

type StoreRuntime = Pick<ReceiveRuntime, 'objects' | 'bus' | 'clock' | 'counters'>;

export interface Stored {
  readonly key: string;
  readonly outcome: 'stored' | 'duplicate';
}

/**
 * Writes raw objects, then publishes their events: one each, `one` for the lot, or `none` where more of the lot follows. All are durable when it returns, in the order given.
 * Throws `storage_unavailable` (503) when storage fails, or answers nothing for `deadlineMs`. Lost events are counted only: the sweep finds the objects.
 */
export async function storeRaw(
  runtime: StoreRuntime,
  envelopes: readonly RawEnvelope[],
  options: { readonly events: 'each' | 'one' | 'none'; readonly deadlineMs?: number },
): Promise<readonly Stored[]> {
  const written = envelopes.map((raw) => ({ raw, envelope: createEnvelope(raw) }));
  const stored: Stored[] = [];
  for (let at = 0; at < written.length; at += AT_ONCE) {
    const some = written.slice(at, at + AT_ONCE).map(async ({ envelope: { key, document } }) => {
      return { key, outcome: await put(runtime, key, document, options.deadlineMs) };
    });
    stored.push(...(await Promise.all(some)));
  }
  const events = written.map(({ raw, envelope }) => eventOf(raw, envelope));
  const told = { each: events, one: events.slice(-1), none: [] }[options.events];
  await publish(runtime, told, envelopes[0]?.provider ?? 'none');
  return stored;
}

/** One durable write. Throws `storage_unavailable` when it fails or takes longer than `deadlineMs`. */
export async function put(
  { objects, clock }: StoreRuntime,
  key: string,
  bytes: Uint8Array,
  deadlineMs?: number,
): Promise<Stored['outcome']> {
  try {
    const writing = objects.putIfAbsent(key, bytes);
    if (deadlineMs === undefined) return await writing;
    const answer = await within(clock, deadlineMs, writing);
    if (answer.ok) return answer.value;
  } catch (cause) {
    throw unavailable('Storage refused a write.', cause);
  }
  throw unavailable(`Storage did not answer within ${deadlineMs} ms.`);
}

function unavailable(detail: string, cause?: unknown): WellspringError {
  return new WellspringError({
    code: 'storage_unavailable',
    message: 'The data could not be stored.',
    detail,
    remedy: 'Look at the free space and the permissions of the data directory, then send again.',
    status: 503,
    exit: 4,
    cause,
  });
}

function eventOf(raw: RawEnvelope, { key, sha256, document }: Envelope): WellspringEvent {
  return {
    detailType: raw.own?.event ?? (raw.notice === true ? 'Notice Stored' : 'Raw Object Stored'),
    detail: {
      schema: 1,
      key,
      provider: raw.provider,
      account: raw.account,
      type: `${raw.provider}.${resourceSegment(raw.resource)}`,
      bytes: document.byteLength,
      sha256,
      received_at: new Date(raw.receivedAt).toISOString(),
    },
  };
}

async function publish(runtime: StoreRuntime, events: readonly WellspringEvent[], provider: string): Promise<void> {
  const lost: readonly PublishResult[] = events.map(() => ({ ok: false, reason: 'no answer' }));
  const publishing = async (): Promise<readonly PublishResult[]> => runtime.bus.publish(events);
  const answer = await within(
    runtime.clock,
    PUBLISH_MS,
    publishing().catch(() => lost),
  );
  const results = answer.ok ? answer.value : lost;
  for (const result of results) if (!result.ok) runtime.counters?.count(provider, 'event_lost');
}
