import { createHash } from 'node:crypto';
import type { Ids } from './ids.ts';
import { letters } from './letters.ts';

/** The same ids in the same order for the same seed: for tests and reproducible demos, never for real secrets. */
export function createSeededIds(seed: string): Ids {
  let blocks = 0;

  function take(count: number): Buffer {
    const taken: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      blocks += 1;
      taken.push(createHash('sha256').update(`${blocks}:${seed}`).digest());
    }
    return Buffer.concat(taken).subarray(0, count);
  }

  return {
    id: (prefix, length) => `${prefix}_${letters(take(length))}`,
    secret: (bytes) => take(bytes).toString('base64url'),
  };
}
