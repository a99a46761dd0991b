import { createHash } from 'node:crypto';

/** The SHA-256 of parts in their order, in hex; of several, each with its length before it. */
export function sha256(parts) {
  const hash = createHash('sha256');
  if (parts.length > 1) for (const part of parts) hash.update(`${part.length}:`).update(part);
  else hash.update(parts[0] ?? '');
  return hash.digest('hex');
}
