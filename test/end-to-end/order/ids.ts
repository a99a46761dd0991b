import { createHash } from 'node:crypto';
import type { Ids } from '../../../ports/ids/ids.ts';
import { letters } from '../../../ports/ids/letters.ts';
import { createSeededIds } from '../../../ports/ids/seeded.ts';

/** Ids that are the same in every way of a seed: those of a delivery follow from what is sent, not from when. */
export interface WayIds extends Ids {
  /** From here on ids are made for a sending called so; without a name, for our own facts again. */
  become(sending?: string): void;
}

export function createWayIds(seed: string): WayIds {
  const facts = createSeededIds(seed);
  const batches = createSeededIds(`${seed} batches`);
  let sending: string | undefined;
  return {
    become(name) {
      sending = name;
    },
    id(prefix, length) {
      if (prefix === 'b') return batches.id(prefix, length);
      if (sending === undefined) return facts.id(prefix, length);
      return `${prefix}_${letters(createHash('sha256').update(`${seed} ${sending}`).digest().subarray(0, length))}`;
    },
    secret: (bytes) => facts.secret(bytes),
  };
}
