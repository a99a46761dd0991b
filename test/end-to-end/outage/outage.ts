import type { Objects } from '../../../ports/objects/objects.ts';
import { PortError } from '../../../ports/errors.ts';
import type { Lease, State } from '../../../ports/state/state.ts';
import type { Vault } from '../../../ports/vault/vault.ts';
import type { PatientClock } from './clock.ts';

export const PARTS = ['token API', 'data API', 'objects', 'state'] as const;
export type Part = (typeof PARTS)[number];

export const OUTAGE_MS = 10 * 60_000;

/** One part that is away for ten minutes, from a moment counted in what it is asked. */
export interface Outage {
  /** Counts what a part is asked; true while it is away. */
  isDown(part: Part): boolean;
  /** From now on `part` is asked well `times` times, and then not for ten minutes. */
  begin(part: Part, times: number): void;
  /** Whether the part was asked often enough for it to begin; it is away from the first request it does not answer. */
  hasBegun(): boolean;
  endsAtMs(): number;
}

export function createOutage(clock: PatientClock): Outage {
  let armed: { readonly part: Part; left: number; sinceMs: number | undefined } | undefined;
  return {
    begin: (part, times) => void (armed = { part, left: times, sinceMs: undefined }),
    hasBegun: () => armed?.sinceMs !== undefined,
    endsAtMs: () => (armed?.sinceMs ?? clock.now()) + OUTAGE_MS,
    isDown(part) {
      if (armed?.part !== part) return false;
      if (armed.sinceMs === undefined) {
        armed.left -= 1;
        if (armed.left < 0) armed.sinceMs = clock.now();
      }
      return armed.sinceMs !== undefined && clock.now() < armed.sinceMs + OUTAGE_MS;
    },
  };
}

type Guard = <T>(work: () => Promise<T>) => Promise<T>;

function guardOf(clock: PatientClock, outage: Outage, part: Part): Guard {
  return (work) =>
    clock.during(async () => {
      if (outage.isDown(part)) throw new PortError('storage_failed', `The ${part} does not answer.`);
      return work();
    });
}

export function failingObjects(objects: Objects, clock: PatientClock, outage: Outage): Objects {
  const guard = guardOf(clock, outage, 'objects');
  return {
    putIfAbsent: (key, bytes) => guard(() => objects.putIfAbsent(key, bytes)),
    get: (key) => guard(() => objects.get(key)),
    delete: (key) => guard(() => objects.delete(key)),
    async *list(prefix, options) {
      await guard(async () => undefined);
      yield* objects.list(prefix, options);
    },
  };
}

export function failingState(state: State, clock: PatientClock, outage: Outage): State {
  const guard = guardOf(clock, outage, 'state');
  const leased = (lease: Lease): Lease => ({
    ...lease,
    renew: () => guard(() => lease.renew()),
    release: () => guard(() => lease.release()),
  });
  return {
    get: (kind, id) => guard(() => state.get(kind, id)),
    list: (kind, prefix) => guard(() => state.list(kind, prefix)),
    put: (kind, id, value, options) => guard(() => state.put(kind, id, value, options)),
    delete: (kind, id, options) => guard(() => state.delete(kind, id, options)),
    next: (counter) => guard(() => state.next(counter)),
    whileHeld: (lease, change) => guard(() => state.whileHeld(lease, change)),
    dropExpired: () => guard(() => state.dropExpired()),
    everything: () => guard(() => state.everything()),
    scrub: (words) => guard(() => state.scrub(words)),
    close: () => state.close(),
    acquire: (name, options) =>
      guard(async () => {
        const result = await state.acquire(name, options);
        return result.ok ? { ok: true, lease: leased(result.lease) } : result;
      }),
  };
}

/** On one machine the vault lies in the state's file and is away with it. */
export function failingVault(vault: Vault, clock: PatientClock, outage: Outage): Vault {
  const guard = guardOf(clock, outage, 'state');
  return {
    ...vault,
    read: (id) => guard(() => vault.read(id)),
    replace: (id, text, options) => guard(() => vault.replace(id, text, options)),
    generation: (id) => guard(() => vault.generation(id)),
    delete: (id, options) => guard(() => vault.delete(id, options)),
    ids: (prefix) => guard(() => vault.ids(prefix)),
  };
}
