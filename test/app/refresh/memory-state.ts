import type { Clock } from '../../../ports/clock/clock.ts';
import type { Lease, State } from '../../../ports/state/state.ts';

/** What simulated processes share: records and leases as the state keeps them, without a disk. */
export interface Shelf {
  readonly records: Map<string, { readonly text: string; readonly version: number }>;
  readonly leases: Map<string, { readonly fence: number; readonly untilMs: number }>;
  readonly counters: Map<string, number>;
}

export function createShelf(): Shelf {
  return { records: new Map(), leases: new Map(), counters: new Map() };
}

/** One process's way to the shelf: `around` is called with every operation and decides when, and whether, it happens. */
export function openShelf(shelf: Shelf, clock: Clock, around: <T>(work: () => T) => Promise<T>): State {
  const { records, leases, counters } = shelf;
  const put: State['put'] = (kind, id, value, { expect } = {}) =>
    around(() => {
      const version = records.get(`${kind}/${id}`)?.version ?? 0;
      if (expect !== undefined && expect !== version) return { ok: false, reason: 'conflict' };
      records.set(`${kind}/${id}`, { text: JSON.stringify(value), version: version + 1 });
      return { ok: true, version: version + 1 };
    });
  const holds = ({ name, fence }: Pick<Lease, 'name' | 'fence'>): boolean => {
    const held = leases.get(name);
    return held !== undefined && held.fence === fence && held.untilMs > 0;
  };
  return {
    get: (kind, id) =>
      around(() => {
        const record = records.get(`${kind}/${id}`);
        return record && { id, value: JSON.parse(record.text), version: record.version };
      }),
    list: (kind, prefix = '') =>
      around(() =>
        [...records]
          .filter(([key]) => key.startsWith(`${kind}/${prefix}`))
          .map(([key, { text, version }]) => ({ id: key.slice(kind.length + 1), value: JSON.parse(text), version })),
      ),
    put,
    delete: (kind, id) => around(() => (records.delete(`${kind}/${id}`), { ok: true, version: 0 })),
    next: (counter) =>
      around(() => {
        counters.set(counter, (counters.get(counter) ?? 0) + 1);
        return counters.get(counter) ?? 0;
      }),
    acquire: (name, { ttlMs }) =>
      around(() => {
        const held = leases.get(name);
        if (held !== undefined && held.untilMs > clock.now()) return { ok: false, holder: 'another' };
        const mine = { name, fence: (held?.fence ?? 0) + 1 };
        const extend = (untilMs: number): boolean => {
          if (!holds(mine)) return false;
          leases.set(name, { fence: mine.fence, untilMs });
          return true;
        };
        leases.set(name, { fence: mine.fence, untilMs: clock.now() + ttlMs });
        const renew = (): Promise<boolean> => around(() => extend(clock.now() + ttlMs));
        const release = async (): Promise<void> => void (await around(() => extend(0)));
        return { ok: true, lease: { ...mine, renew, release } };
      }),
    whileHeld: (lease, change) => around(() => holds(lease) && (change(), true)),
    dropExpired: () => Promise.resolve(0),
    everything: () => Promise.resolve([]),
    scrub: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
