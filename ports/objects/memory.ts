import { parentsOf, segmentsOf } from './key.ts';
import type { Objects } from './objects.ts';

/** Objects that live as long as the process: for tests and dry runs. */
export function createMemoryObjects(): Objects {
  const objects = new Map<string, Uint8Array>();
  return {
    async putIfAbsent(key, bytes) {
      segmentsOf(key);
      if (objects.has(key)) return 'duplicate';
      objects.set(key, bytes.slice());
      return 'stored';
    },
    async get(key) {
      segmentsOf(key);
      return objects.get(key)?.slice();
    },
    async *list(prefix, options = {}) {
      parentsOf(prefix);
      const after = options.after ?? '';
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted();
      for (const key of keys) {
        const bytes = objects.get(key);
        if (bytes) yield { key, bytes: bytes.byteLength };
      }
    },
    async delete(key) {
      segmentsOf(key);
      objects.delete(key);
    },
  };
}
