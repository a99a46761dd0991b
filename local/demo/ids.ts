import type { Ids } from '../../ports/ids/ids.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';

/** Ids that follow from the seed, each kind in an order of its own: what runs beside each other makes ids of other kinds. Secrets do not. */
export function createDemoIds(seed: string): Ids {
  const kinds = new Map<string, Ids>();
  const random = createRandomIds();
  return {
    id(prefix, length) {
      const kind = kinds.get(prefix) ?? createSeededIds(`demo ${seed} ${prefix}`);
      kinds.set(prefix, kind);
      return kind.id(prefix, length);
    },
    secret: (bytes) => random.secret(bytes),
  };
}
