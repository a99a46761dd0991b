import { type Context, Hono } from 'hono';
import { findDoor } from '../providers/index.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { readBody } from './body.ts';
import { type ProblemDetails, RETRY, notFound, onError, problem } from './problem.ts';
import { type Received, receive } from './receive.ts';
import type { ReceiveRuntime } from './runtime.ts';
import { verifyKey } from './verify.ts';

type DoorAuth = NonNullable<Provider['webhook']>['auth'];

/** What a key or a provider id may look like; anything else in the address is a trick. */
const TAME = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** The doors of the providers: `POST /webhooks/{provider}/{key?}`, and `GET /healthz`. */
export function createWebhooks(runtime: ReceiveRuntime): Hono {
  const app = new Hono();
  app.onError(onError);
  app.notFound(notFound);
  app.get('/healthz', (c) => c.json({ status: 'ok', version: runtime.version }));
  app.all('/webhooks/:provider/:key?', async (c) => {
    const key = c.req.param('key');
    const provider = findDoor(c.req.param('provider'));
    if (!provider?.webhook || !isAddress(provider.webhook.auth, key)) return notFound(c);
    // Hono answers HEAD by what GET finds, without the body; the method stays what was sent.
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return shakeHands(c, runtime, provider, key);
    if (c.req.method !== 'POST') return problem(c, notAllowed(provider));
    return answer(c, provider, await take(runtime, provider, c.req.raw, key));
  });
  return app;
}

/** Answers a provider's check of the address (GET, HEAD). */
function shakeHands(c: Context, runtime: ReceiveRuntime, provider: Provider, key: string | undefined): Response {
  const { auth, handshake } = provider.webhook ?? {};
  if (auth === undefined || handshake === undefined) return problem(c, notAllowed(provider));
  const headers = Object.fromEntries(c.req.raw.headers);
  const open = auth === 'signature' || verifyKey(runtime, provider, { headers, key }).ok;
  const isOurs = (token: string): boolean => runtime.keyring.check(provider.id, 'verification', token).ok;
  const shaken = open ? handshake(c.req.query(), isOurs) : ({ ok: false } as const);
  runtime.counters?.count(provider.id, shaken.ok ? 'handshake' : 'handshake_refused');
  if (!shaken.ok) return problem(c, REFUSALS.not_verified);
  // What a stranger wrote is echoed: never to be taken for a page.
  const plain = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
  return shaken.json === undefined ? c.body(null, 200) : c.json(shaken.json, 200, plain);
}

function isAddress(auth: DoorAuth, key: string | undefined): boolean {
  return key === undefined || (auth === 'path' && TAME.test(key));
}

async function take(
  runtime: ReceiveRuntime,
  provider: Provider,
  request: Request,
  key: string | undefined,
): Promise<Received> {
  const headers = Object.fromEntries(request.headers);
  const verified = verifyKey(runtime, provider, { headers, key });
  if (!verified.ok) {
    // Keys need no body: whoever has none is not listened to.
    runtime.counters?.count(provider.id, `key_${verified.reason}`);
    return { outcome: 'not_verified' };
  }
  const body = await readBody(request.body, provider.webhook?.limit ?? 0);
  if (!body.ok) {
    runtime.counters?.count(provider.id, body.reason);
    return { outcome: body.reason };
  }
  return receive(runtime, provider, { body: body.bytes, headers, key });
}

function answer(c: Context, provider: Provider, received: Received): Response {
  if (received.outcome === 'stored') return c.json({ stored: received.stored, duplicates: received.duplicates });
  if (received.outcome === 'too_large')
    return problem(c, { ...REFUSALS.too_large, remedy: provider.webhook?.limitHint });
  return problem(c, REFUSALS[received.outcome]);
}

function notAllowed({ webhook }: Provider): ProblemDetails {
  const allow = webhook?.handshake === undefined ? 'POST' : 'GET, HEAD, POST';
  const title = webhook?.handshake === undefined ? 'This door takes POST only.' : 'This door takes POST.';
  return { status: 405, code: 'method_not_allowed', title, headers: { allow } };
}

const REFUSALS = {
  // One body whatever failed.
  not_verified: {
    status: 401,
    code: 'not_verified',
    title: 'The delivery could not be verified.',
    headers: { 'www-authenticate': 'Bearer' },
  },
  // Not 401: the provider is to send it again when the secret is there.
  unconfigured: {
    status: 503,
    code: 'not_configured',
    title: 'This door cannot check signatures yet; send it again later.',
    headers: RETRY,
  },
  too_large: { status: 413, code: 'too_large', title: 'The body is larger than this door takes.' },
  unknown_encoding: {
    status: 415,
    code: 'unknown_encoding',
    title: 'The content encoding is not one of gzip, deflate and br.',
    headers: { 'accept-encoding': 'gzip, deflate, br' },
  },
  unreadable: {
    status: 400,
    code: 'unreadable',
    title: 'The body is not JSON that can be read.',
    detail: 'UTF-8 JSON nested at most 64 deep is read. The bytes are kept for seven days.',
  },
  unavailable: {
    status: 503,
    code: 'storage_unavailable',
    title: 'The data could not be stored; send them again.',
    headers: RETRY,
  },
} satisfies Record<string, ProblemDetails>;
