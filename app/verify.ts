import type { Delivery, Provider, Verification } from '../providers/kit/provider.ts';
import { checkSignature } from '../providers/kit/signature.ts';
import type { ReceiveRuntime } from './runtime.ts';

/**
 * Checks the key a caller shows, from headers and address alone: a missing key is a wrong key, and nothing is looked up.
 * A signature needs the body: here only its header must be there.
 */
export function verifyKey(
  { keyring }: Pick<ReceiveRuntime, 'keyring'>,
  provider: Provider,
  { headers, key }: Omit<Delivery, 'body'>,
): Verification {
  if (!provider.webhook) return { ok: false, reason: 'missing' };
  const { auth, signature } = provider.webhook;
  if (auth === 'signature') {
    const there = signature !== undefined && headers[signature.header] !== undefined;
    return there ? { ok: true, keyid: 'signature' } : { ok: false, reason: 'missing' };
  }
  const shown = auth === 'token' ? /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] : key;
  return keyring.check(provider.id, auth, shown ?? '');
}

/** Checks everything a delivery can be checked for, before anything is made of its bytes. */
export function verify(
  runtime: Pick<ReceiveRuntime, 'keyring' | 'settings' | 'clock'>,
  provider: Provider,
  delivery: Delivery,
): Verification {
  const settings = runtime.settings(provider.id);
  const key = verifyKey(runtime, provider, delivery);
  if (!key.ok) return key;
  const { signature, own, verify: alsoHolds } = provider.webhook ?? {};
  if (signature !== undefined) {
    const secrets = own === undefined ? settings.clientSecrets : runtime.keyring.signing(provider.id);
    const signed = checkSignature(signature, delivery, secrets ?? [], runtime.clock.now());
    if (!signed.ok) return signed;
  }
  const holds = alsoHolds?.(delivery, settings) ?? true;
  return holds ? key : { ok: false, reason: 'mismatch' };
}
