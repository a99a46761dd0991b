import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '../../app/envelope.ts';

/**
 * Writes raw objects below a data directory, each at the path that is its key. Nothing is flushed: what a power cut takes is made again
 * from the seed, and a disk that is waited for after each of millions of files takes days.
 */
export function createRaw(dataDir: string): { write(envelope: Envelope): void } {
  const made = new Set<string>();
  return {
    write({ key, document }) {
      const file = path.join(dataDir, key);
      const directory = path.dirname(file);
      if (!made.has(directory)) mkdirSync(directory, { recursive: true });
      made.add(directory);
      writeFileSync(file, document);
    },
  };
}
