import * as z from 'zod';

const id = z.string().min(1);
const schema = z.literal(1);

/** An event of our bus as EventBridge wraps it, its type and detail. */
const event = <Type extends string, Detail extends z.ZodRawShape>(type: Type, detail: Detail) =>
  z.object({ 'detail-type': z.literal(type), detail: z.object({ schema, ...detail }) });

/** From Scheduler, or by hand: nothing is said, and everything that is due is meant. */
export const nothing = z.strictObject({});

/** By the job of the workflow: everything anew from raw, or what that would change, where that is said. */
export const batchAsked = z.strictObject({ rebuild: z.enum(['apply', 'dry-run']).optional() });

const wanted = { provider: id.optional(), user_id: id.optional(), connection_id: id.optional(), metric: id.optional() };

/** By hand: what to fetch; everything of everybody where nothing is said. */
export const fetchAsked = z.strictObject(wanted);

export const noticeStored = event('Notice Stored', { key: id });
export const connectionChanged = event('Connection Changed', { connection_id: id, change: id });
export const batchPublished = event('Batch Published', {
  batch_id: id,
  users: z.array(z.string()),
  days: z.number().int().min(0),
});
export const collectAsked = event('Work Asked', { work: z.object({ kind: z.literal('collect'), ...wanted }) });
export const exportAsked = event('Work Asked', {
  work: z.object({ kind: z.literal('export'), user_id: id, export_id: id }),
});
export const forgetAsked = event('Work Asked', { work: z.object({ kind: z.literal('forget'), user_id: id }) });

/** Messages of a queue; each holds an event of the bus as text. */
export const messages = z.object({ Records: z.array(z.object({ messageId: id, body: z.string() })) });

/** S3 writes keys as in a query: a blank is `+`, everything else is percent-encoded. Throws nothing: a key that cannot be read is refused. */
const key = z.string().transform((text, context) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    context.addIssue('no key of S3');
    return z.NEVER;
  }
});

/** Notifications of a bucket: what was put there. */
export const objectsCreated = z.object({
  Records: z.array(
    z.object({ eventName: z.string().startsWith('ObjectCreated'), s3: z.object({ object: z.object({ key }) }) }),
  ),
});
