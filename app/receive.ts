import { UNKNOWN_ACCOUNT, accountOf } from '../providers/kit/account.ts';
import { type JsonText, readJson } from '../providers/kit/json.ts';
import type { Delivery, Provider, Verification } from '../providers/kit/provider.ts';
import { encodingOf, inflate } from './body.ts';
import type { RawEnvelope } from './envelope.ts';
import { WellspringError } from './errors.ts';
import { refusedKey, sha256Hex } from './keys.ts';
import type { ReceiveRuntime } from './runtime.ts';
import { put, storeRaw } from './store.ts';
import { verify } from './verify.ts';

/** How long a caller waits for one answer of storage: the strictest provider gives up after two seconds. */
const STORAGE_MS = 1200;

/** Longest header value kept in an envelope. */
const HEADER_LENGTH = 200;

export type Received =
  | { readonly outcome: 'stored'; readonly stored: number; readonly duplicates: number }
  /** `unconfigured`: the door checks signatures and no secret is set. */
  | { readonly outcome: 'not_verified' | 'unconfigured' | 'unknown_encoding' | 'too_large' | 'unavailable' }
  | { readonly outcome: 'unreadable'; readonly reason: 'corrupt' | 'not_utf8' | 'too_deep' | 'not_json' };

/**
 * Takes a delivery in: verify, inflate, judge, split, write, then tell the bus; `body` is as received. `stored` is answered only when every
 * part is durable. Verified bytes that cannot be read are kept under `refused/`; an unverified caller leaves nothing behind but a count.
 */
export async function receive(runtime: ReceiveRuntime, provider: Provider, delivery: Delivery): Promise<Received> {
  const count = (reason: string): void => runtime.counters?.count(provider.id, reason);
  const verified = verify(runtime, provider, delivery);
  if (!verified.ok || !provider.webhook) {
    count(verified.ok ? 'no_door' : `key_${verified.reason}`);
    return { outcome: !verified.ok && verified.reason === 'unconfigured' ? 'unconfigured' : 'not_verified' };
  }
  try {
    const received = await takeIn(runtime, provider, provider.webhook, delivery, verified);
    count(received.outcome === 'unreadable' ? received.reason : received.outcome);
    return received;
  } catch (error) {
    if (!(error instanceof WellspringError) || error.code !== 'storage_unavailable') throw error;
    count('unavailable');
    return { outcome: 'unavailable' };
  }
}

async function takeIn(
  runtime: ReceiveRuntime,
  provider: Provider,
  door: NonNullable<Provider['webhook']>,
  { body, headers }: Delivery,
  verified: Verification & { readonly ok: true },
): Promise<Received> {
  const { keyid, externalId } = verified;
  // Before anything could be kept of somebody who asked to be forgotten.
  if (externalId !== undefined && runtime.isForgotten(accountOf(provider.id, externalId))) {
    return { outcome: 'stored', stored: 0, duplicates: 0 };
  }
  const encoding = encodingOf(headers['content-encoding']);
  if (encoding === undefined) return { outcome: 'unknown_encoding' };
  const plain = await inflate(body, encoding, door.limit);
  if (!plain.ok && plain.reason === 'too_large') return { outcome: 'too_large' };
  const json = plain.ok ? readAs(door, plain.bytes) : ({ ok: false, reason: 'corrupt' } as const);
  if (!json.ok) {
    await keepRefused(runtime, provider, body);
    return { outcome: 'unreadable', reason: json.reason };
  }
  // An address check: it says nothing and nothing is to be kept.
  if (door.format === 'form' && json.text === '""') return { outcome: 'stored', stored: 0, duplicates: 0 };
  const receivedAt = runtime.clock.now();
  const deliveryId = runtime.ids.id('d', 20);
  const attributes = { keyid, ...keptHeaders(door, headers) };
  const envelopes = door.split(json.text, externalId).map((part, index): RawEnvelope => {
    const account = part.externalId === undefined ? UNKNOWN_ACCOUNT : accountOf(provider.id, part.externalId);
    const { resource, notice, text: data } = part;
    const push = { receivedAt, deliveryId, part: index + 1, receiver: 'push', attributes, own: door.own } as const;
    return { ...push, provider: provider.id, account, resource, notice, data };
  });
  const kept = envelopes.filter(({ account }) => !runtime.isForgotten(account));
  const results = await storeRaw(runtime, kept, { events: 'each', deadlineMs: STORAGE_MS });
  const stored = results.filter(({ outcome }) => outcome === 'stored').length;
  return { outcome: 'stored', stored, duplicates: results.length - stored };
}

/** The body as JSON text: a form's text becomes one JSON string. */
function readAs({ format }: NonNullable<Provider['webhook']>, bytes: Uint8Array): JsonText {
  if (format !== 'form') return readJson(bytes);
  try {
    return { ok: true, text: JSON.stringify(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    return { ok: false, reason: 'not_utf8' };
  }
}

async function keepRefused(runtime: ReceiveRuntime, provider: Provider, bytes: Uint8Array): Promise<void> {
  const receivedAt = runtime.clock.now();
  await put(runtime, refusedKey({ receivedAt, provider: provider.id, sha256: sha256Hex(bytes) }), bytes, STORAGE_MS);
}

function keptHeaders({ keep }: NonNullable<Provider['webhook']>, headers: Delivery['headers']): Record<string, string> {
  const kept = Object.entries(keep ?? {}).map(([header, attribute]) => [
    attribute,
    headers[header]?.slice(0, HEADER_LENGTH),
  ]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}
