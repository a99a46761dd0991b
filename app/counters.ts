/** What happened at the doors, per provider and reason, since the process started: for logs, never for decisions. */
export interface Counters {
  count(provider: string, reason: string): void;
  /** `{ garmin: { stored: 12, mismatch: 1 } }` */
  read(): Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function createCounters(): Counters {
  const counts = new Map<string, Map<string, number>>();
  return {
    count(provider, reason) {
      const reasons = counts.get(provider) ?? new Map<string, number>();
      counts.set(provider, reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
    },
    read: () => Object.fromEntries([...counts].map(([provider, reasons]) => [provider, Object.fromEntries(reasons)])),
  };
}
