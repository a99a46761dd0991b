import { randomBytes } from 'node:crypto';
import type { Ids } from './ids.ts';
import { letters } from './letters.ts';

/** Ids and secrets from the system's cryptographic source. */
export function createRandomIds(): Ids {
  return {
    id: (prefix, length) => `${prefix}_${letters(randomBytes(length))}`,
    secret: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}
