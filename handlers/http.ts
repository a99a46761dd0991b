import { Hono } from 'hono';
import { type APIGatewayProxyResult, handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { within } from '../app/deadline.ts';
import { isFolded } from '../app/folded.ts';
import { notFound, onError } from '../app/problem.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { PortError } from '../ports/errors.ts';
import { once } from './once.ts';
import { tell } from './problem.ts';

/** A request as the HTTP API hands it over (payload format 2.0); the adapter reads the rest. */
const request = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

type Result = APIGatewayProxyResult | Omit<typeof NOT_READY, 'headers'>;
type Ready = (event: LambdaEvent, context: LambdaContext) => Promise<APIGatewayProxyResult>;
type Env = { readonly Bindings: { readonly event?: { readonly rawPath?: string } } };

/** What a function behind the HTTP API is made of. */
export interface Front {
  readonly app: Hono;
  /** Before every request: what others may have changed. */
  readonly refresh: () => Promise<void>;
}

const clock = createSystemClock();
/** How long a request waits for what others changed; the one before holds on. */
const REFRESH_MS = 300;
/** A function that is ended in the middle answers nothing, and the next call opens everything anew. */
const LAST_MS = 500;
/** An answer holds 6 MiB, written as JSON; beyond it the caller would hear of an error of the function alone. */
const MOST_BYTES = 6 * 1024 * 1024;
/** A control character is `\\u0007` there. */
const MOST_PER_CHARACTER = 6;

const refusal = (statusCode: number, code: string, title: string) => ({
  statusCode,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '30' },
  body: JSON.stringify({ type: `urn:wellspring:problem:${code}`, title, status: statusCode, code }),
  isBase64Encoded: false,
});
/** Nothing was acknowledged: whoever sent it sends it again. */
const NOT_READY = refusal(503, 'not_ready', 'This is not ready yet; send it again later.');
const UNKNOWN = refusal(400, 'unknown_event', 'This is no request of the HTTP API, format 2.0.');

/** A function behind the HTTP API: opened by the first request, which waits `openMs` for it and is told to come again after that. */
export function http(
  open: () => Promise<Front>,
  openMs: number,
): (event: unknown, context: LambdaContext) => Promise<Result> {
  const opened = once(async () => handle(front(await open())));
  return async (event, context) => {
    if (!isRequest(event)) return UNKNOWN;
    const opening = opened().catch((error: unknown) => tell('opening', error));
    const ready = await within(clock, openMs, opening);
    return ready.ok && typeof ready.value === 'function' ? answer(ready.value, event, context) : NOT_READY;
  };
}

/** What this answers in the time and the room a function has. What is given up for time was not acknowledged. */
async function answer(ready: Ready, event: LambdaEvent, context: LambdaContext): Promise<Result> {
  const leftMs = Math.max(0, context.getRemainingTimeInMillis() - LAST_MS);
  const answered = await within(clock, leftMs, ready(event, context));
  if (!answered.ok) return refuse(503, 'too_slow', 'This took too long; ask again later, or for less.');
  const isSmall = answered.value.body.length * MOST_PER_CHARACTER < MOST_BYTES;
  if (isSmall || Buffer.byteLength(JSON.stringify(answered.value)) < MOST_BYTES) return answered.value;
  return refuse(500, 'too_large_answer', 'The answer is larger than one can be here; ask for less.');
}

/** Says so in the log, too. */
function refuse(status: number, code: string, title: string): Result {
  tell('answering', new PortError(code, title));
  return refusal(status, code, title);
}

function isRequest(event: unknown): event is LambdaEvent {
  return request.safeParse(event).success;
}

function front({ app, refresh }: Front): Hono<Env> {
  const outer = new Hono<Env>();
  outer.use(async (c, next) => {
    if (isFolded(c.env.event?.rawPath ?? '')) return notFound(c);
    await within(
      clock,
      REFRESH_MS,
      refresh().catch((error: unknown) => tell('refreshing', error)),
    );
    await next();
    // The answer says nothing of what was inside, so the log has to.
    if (c.error !== undefined && c.res.status >= 500) tell('answering', c.error);
    return undefined;
  });
  outer.route('/', app);
  outer.notFound(notFound);
  outer.onError(onError);
  return outer;
}
