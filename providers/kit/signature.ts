import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery, Verification } from './provider.ts';
import type { Secret } from './secret.ts';

/** How a provider signs its deliveries: HMAC-SHA256 over the timestamp's text directly followed by the raw body. */
export interface Signature {
  readonly header: string;
  /** `s_or_ms`: the unit is not documented, and is told by the size of the number. */
  readonly timestamp: { readonly header: string; readonly unit: 's' | 'ms' | 's_or_ms' };
  /** `hex` in either case. */
  readonly encoding: 'hex' | 'base64';
}

/** A delivery signed longer ago, or further ahead, is refused. */
const TOLERANCE_MS = 300_000;
/** Read as seconds this is the year 5138, read as ms it is 1973: from here on a number is ms. */
const MS_FROM = 100_000_000_000;
/** Nobody's secret: nothing, blanks, or what a sample configuration says in its place. */
const NO_SECRET = /^\s*(change[-_ ]?me)?\s*$/i;

// 32 bytes in base64 leave two bits over: set ones are another text for the same bytes, and none a provider sends.
const SHAPES = { hex: /^[0-9a-f]{64}$/i, base64: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/ } as const;

/**
 * Checks a signed delivery over its received bytes. `secrets`: newest first; several hold while one is replaced.
 * A blank one, or one that was never set, proves nothing.
 */
export function checkSignature(
  signature: Signature,
  { body, headers }: Pick<Delivery, 'body' | 'headers'>,
  secrets: readonly Secret[],
  nowMs: number,
): Verification {
  const usable = secrets.map((secret) => secret.reveal()).filter((secret) => !NO_SECRET.test(secret));
  if (usable.length === 0) return { ok: false, reason: 'unconfigured' };
  const given = headers[signature.header];
  const stamp = headers[signature.timestamp.header];
  if (given === undefined || stamp === undefined) return { ok: false, reason: 'missing' };
  const atMs = instantOf(stamp, signature.timestamp.unit);
  if (!SHAPES[signature.encoding].test(given) || atMs === undefined) return { ok: false, reason: 'malformed' };
  const shown = Buffer.from(given, signature.encoding);
  // All are compared, and as bytes of one length: the time tells nothing.
  const matches = usable.filter((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(stamp).update(body).digest(), shown),
  );
  if (matches.length === 0) return { ok: false, reason: 'mismatch' };
  if (Math.abs(nowMs - atMs) > TOLERANCE_MS) return { ok: false, reason: 'expired' };
  return { ok: true, keyid: 'signature' };
}

/** The headers of a delivery signed as the provider would sign it; `nowMs` is Unix ms. */
export function signDelivery(
  signature: Signature,
  body: string | Uint8Array,
  secret: Secret,
  nowMs: number,
): Readonly<Record<string, string>> {
  const { header, timestamp, encoding } = signature;
  const stamp = String(timestamp.unit === 's' ? Math.floor(nowMs / 1000) : nowMs);
  const proof = createHmac('sha256', secret.reveal()).update(stamp).update(body).digest(encoding);
  return { [header]: proof, [timestamp.header]: stamp };
}

/** Signs a call of ours: lower-case hex HMAC-SHA256 over the values in the order of their names, joined by commas. */
export function signFields(fields: Readonly<Record<string, string>>, secret: Secret): string {
  const values = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', secret.reveal())
    .update(values.map(([, value]) => value).join(','))
    .digest('hex');
}

function instantOf(text: string, unit: Signature['timestamp']['unit']): number | undefined {
  if (!/^[0-9]{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  const isMs = unit === 'ms' || (unit === 's_or_ms' && number >= MS_FROM);
  return isMs ? number : number * 1000;
}
