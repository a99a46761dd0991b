import type { FaultName, Faults } from '../fault.ts';

/** Chooses at most one fault for one thing that happens. */
export interface Trouble {
  /** The first of `names` that hits; after two for the same stream none. */
  pick<N extends FaultName>(names: readonly N[], stream: string): N | undefined;
}

const IN_A_ROW = 2;

/** However many faults are about: the third time the same thing is asked for, it comes. */
export function createTrouble(faults: Faults): Trouble {
  const rows = new Map<string, number>();
  return {
    pick(names, stream) {
      const row = rows.get(stream) ?? 0;
      const name = row < IN_A_ROW ? names.find((one) => faults.hits(one, stream)) : undefined;
      rows.set(stream, name === undefined ? 0 : row + 1);
      return name;
    },
  };
}
