import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32 } from './base32.ts';
import type { Keyring } from './provider.ts';
import { Secret } from './secret.ts';

const PROOF_BYTES = 20;
const SHAPE = /^([A-Za-z0-9_-]{1,128})\.([a-z2-7]{32})$/;

/** Each part carries its length, so no two (provider, purpose, key id) make the same message. */
function proof(secret: string, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', secret).update('wellspring-key/1');
  for (const part of parts) mac.update(`|${Buffer.byteLength(part)}:${part}`);
  return mac.digest().subarray(0, PROOF_BYTES);
}

/**
 * Issues and checks keys of the form `<key id>.<proof>`, proof = 160 bits of HMAC-SHA256 in base32.
 * `secrets` are the stack's ingest secrets, newest first: during a rotation any of them proves. Throws TypeError when one is blank.
 */
export function createKeyring(options: {
  readonly secrets: readonly string[];
  readonly isRevoked?: (keyid: string) => boolean;
}): Keyring {
  const { secrets, isRevoked } = options;
  const [newest] = secrets;
  if (newest === undefined || secrets.some((secret) => secret.trim() === '')) {
    throw new TypeError('keyring: the ingest secret is empty; without one every key would prove itself');
  }
  return {
    check(provider, purpose, key) {
      if (key === '') return { ok: false, reason: 'missing' };
      const [, keyid, given] = SHAPE.exec(key) ?? [];
      if (keyid === undefined || given === undefined) return { ok: false, reason: 'malformed' };
      // Every secret is tried and compared as text of one length: the time tells nothing.
      const proofs = secrets.map((secret) => base32(proof(secret, [provider, purpose, keyid])));
      const matches = proofs.filter((own) => timingSafeEqual(Buffer.from(own), Buffer.from(given)));
      if (matches.length === 0) return { ok: false, reason: 'mismatch' };
      if (isRevoked?.(keyid) === true) return { ok: false, reason: 'revoked' };
      return purpose === 'token' ? { ok: true, keyid, externalId: keyid } : { ok: true, keyid };
    },
    issue(provider, purpose, keyid) {
      const key = `${keyid}.${base32(proof(newest, [provider, purpose, keyid]))}`;
      if (!SHAPE.test(key)) throw new TypeError('keyring: a key id is 1 to 128 letters, digits, "_" or "-"');
      return key;
    },
    signing(provider) {
      return secrets.map((secret) => new Secret(base32(proof(secret, [provider, 'signature', 'own']))));
    },
  };
}
