import { createHash } from 'node:crypto';

/** The S256 challenge of a verifier (RFC 7636 4.2): base64url of its SHA-256, without padding. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
