import { createHash } from 'node:crypto';
import { base32 } from './base32.ts';

/** Account of elements that name nobody; what lands there is quarantined. */
export const UNKNOWN_ACCOUNT = 'a_unknown';

/** `a_` and the first 16 characters of the lower-case base32 of sha256("<provider>:<external id>"): computable from a delivery alone. */
export function accountOf(provider: string, externalId: string): string {
  return `a_${base32(createHash('sha256').update(`${provider}:${externalId}`).digest()).slice(0, 16)}`;
}
