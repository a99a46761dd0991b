/** Numbers that look random and follow from a seed alone. */
export interface Chance {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** True with probability `share`. */
  hit(share: number): boolean;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
  /** The items in another order; the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent stream by name: one more draw here changes nothing there. */
  fork(name: string): Chance;
}

/** FNV-1a over UTF-16 code units: any text to 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/** Makes the stream of a seed (mulberry32). */
export function createChance(seed: string): Chance {
  let state = hash(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    hit: (share) => next() < share,
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: next() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    fork: (name) => createChance(`${seed}/${name}`),
  };
}

/** A UUID of version 4, in lower case. */
export function uuid(chance: Chance): string {
  return `${chance.hex(8)}-${chance.hex(4)}-4${chance.hex(3)}-a${chance.hex(3)}-${chance.hex(12)}`;
}
