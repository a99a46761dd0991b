import * as z from 'zod';
import type { WellspringEvent } from '../../ports/bus/bus.ts';

const id = z.string().min(1);
const schema = z.literal(1);

const event = <Type extends WellspringEvent['detailType'], Shape extends z.ZodRawShape>(type: Type, shape: Shape) => {
  const detail = z.object(shape);
  return z
    .object({ source: z.literal('wellspring'), 'detail-type': z.literal(type), detail: z.unknown() })
    .transform((one) => ({ detailType: type, detail: one.detail }))
    .pipe(z.object({ detailType: z.literal(type), detail }));
};

const claim = {
  schema,
  key: id,
  provider: id,
  account: id,
  type: id,
  bytes: z.number(),
  sha256: id,
  received_at: id,
};
const changes = ['connected', 'scopes_changed', 'needs_reconnect', 'revoked', 'deregistered'] as const;
const connection = { schema, connection_id: id, provider: id, account: id, user_id: id, change: z.enum(changes) };
const some = id.exactOptional();
const work = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('collect'), provider: some, user_id: some, connection_id: some, metric: some }),
  z.object({ kind: z.literal('export'), user_id: id, export_id: id }),
  z.object({ kind: z.literal('forget'), user_id: id }),
]);

const ours = z.union([
  event('Raw Object Stored', claim),
  event('Notice Stored', claim),
  event('Connection Changed', connection),
  event('Batch Published', { schema, batch_id: id, users: z.array(z.string()), days: z.number() }),
  event('Work Asked', { schema, work }),
]);

/** What Lambda writes of a call that failed three times: the event it was called with is inside. */
const failedCall = z.object({ requestContext: z.looseObject({}), requestPayload: z.unknown() });
/** A call by the clock says nothing. */
const byTheClock = z.strictObject({});
const ofAws = z.object({ source: z.string().startsWith('aws.'), 'detail-type': id });
/** A file that arrived in the inbox: it lies there still, and the hourly look finds it. */
const ofBucket = z.object({ Records: z.array(z.object({ eventSource: z.literal('aws:s3') })).min(1) });
const passed = z.union([byTheClock, ofAws, ofBucket]);

/** What is to be done with a dead letter. */
export type Meaning =
  /** Sent again: whoever listens may hear it twice. */
  | { readonly kind: 'again'; readonly event: WellspringEvent }
  /** The next appointment does it, or `doctor` tells it: it can go. */
  | { readonly kind: 'passed' }
  /** A person has to look. */
  | { readonly kind: 'left' };

/** Reads the text of a dead letter: an event of EventBridge, a failed call of Lambda, or an appointment Scheduler could not keep. */
export function readLetter(body: string): Meaning {
  const json = parse(body);
  const call = failedCall.safeParse(json);
  const said = call.success ? call.data.requestPayload : json;
  const found = ours.safeParse(said);
  if (found.success) return { kind: 'again', event: found.data };
  return { kind: passed.safeParse(said).success ? 'passed' : 'left' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
