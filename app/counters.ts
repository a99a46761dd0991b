/** `{ garmin: { stored: 12, key_mismatch: 1 } }` */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What happened at the doors and while fetching, per provider and reason: for people to read, never for decisions. */
export interface Counters {
  count(provider: string, reason: string, times?: number): void;
  /** What was counted and not taken yet. */
  read(): Counts;
  /** The same, and begins anew: whoever takes it keeps it, or counts it again. */
  take(): Counts;
}

export function createCounters(): Counters {
  const counts = new Map<string, Map<string, number>>();
  const read = (): Counts =>
    Object.fromEntries([...counts].map(([provider, reasons]) => [provider, Object.fromEntries(reasons)]));
  return {
    count(provider, reason, times = 1) {
      const reasons = counts.get(provider) ?? new Map<string, number>();
      counts.set(provider, reasons.set(reason, (reasons.get(reason) ?? 0) + times));
    },
    read,
    take() {
      const taken = read();
      counts.clear();
      return taken;
    },
  };
}
