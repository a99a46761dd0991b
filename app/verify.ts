import type { Delivery, Provider, Verification } from '../providers/kit/provider.ts';
import type { ReceiveRuntime } from './runtime.ts';

/** Checks the key a caller shows, from headers and address alone: a missing key is a wrong key, and nothing is looked up. */
export function verifyKey(
  { keyring }: Pick<ReceiveRuntime, 'keyring'>,
  provider: Provider,
  { headers, key }: Omit<Delivery, 'body'>,
): Verification {
  if (!provider.webhook) return { ok: false, reason: 'missing' };
  const { auth } = provider.webhook;
  const shown = auth === 'token' ? /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] : key;
  return keyring.check(provider.id, auth, shown ?? '');
}

/** Checks everything a delivery can be checked for, before anything is made of its bytes. */
export function verify(
  runtime: Pick<ReceiveRuntime, 'keyring' | 'settings'>,
  provider: Provider,
  delivery: Delivery,
): Verification {
  const key = verifyKey(runtime, provider, delivery);
  if (!key.ok) return key;
  const holds = provider.webhook?.verify?.(delivery, runtime.settings(provider.id)) ?? true;
  return holds ? key : { ok: false, reason: 'mismatch' };
}
