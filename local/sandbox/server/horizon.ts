import type { HeldRecord, Holding } from '../holding.ts';

/** What a provider has just come to know of an account. */
export interface Change {
  readonly holding: Holding;
  readonly event: 'create' | 'update' | 'delete';
  readonly record: HeldRecord;
  /** Unix s */
  readonly atS: number;
}

/** How far each account's data have come to its provider. */
export interface Horizon {
  readonly holdings: readonly Holding[];
  find(provider: string, externalId: string): Holding | undefined;
  /** What the API tells of a type now: of each record the last version known, and none that is deleted. */
  known(provider: string, externalId: string, type: string): readonly HeldRecord[];
  /** Moves on to `untilS` (Unix s) and answers what came with it, in the order of time. */
  advance(untilS: number): readonly Change[];
  /** The instant up to which everybody who is not silent is known. */
  nowS(): number;
  /** Nothing comes from an account before the horizon passes `untilS`; then all of it does. */
  silence(holding: Holding, untilS: number): void;
  /** The instant (Unix s) until which an account is silent; undefined while it is not. */
  silentUntilS(holding: Holding): number | undefined;
}

interface Place {
  readonly holding: Holding;
  readonly types: ReadonlyMap<string, readonly HeldRecord[]>;
  readonly first: ReadonlySet<HeldRecord>;
  knownS: number;
  silentUntilS: number;
}

/** Starts with everything known up to `startS`, about which nobody is told. */
export function createHorizon(holdings: readonly Holding[], startS: number): Horizon {
  const places = holdings.map((holding) => placeOf(holding, startS));
  const find = (provider: string, externalId: string): Place | undefined =>
    places.find(({ holding }) => holding.provider === provider && holding.externalId === externalId);
  let nowS = startS;
  return {
    holdings,
    find: (provider, externalId) => find(provider, externalId)?.holding,
    known(provider, externalId, type) {
      const place = find(provider, externalId);
      if (place === undefined) return [];
      const latest = new Map<string, HeldRecord>();
      for (const record of place.types.get(type) ?? []) {
        if (record.knownAtS <= place.knownS) latest.set(record.id, record);
      }
      return [...latest.values()].filter(({ deletedAtS = Infinity }) => deletedAtS > place.knownS);
    },
    advance(untilS) {
      nowS = Math.max(nowS, untilS);
      return places
        .filter(({ silentUntilS }) => silentUntilS <= nowS)
        .flatMap((place) => move(place, nowS))
        .toSorted((a, b) => a.atS - b.atS);
    },
    nowS: () => nowS,
    silence(holding, untilS) {
      const place = find(holding.provider, holding.externalId);
      if (place !== undefined) place.silentUntilS = untilS;
    },
    silentUntilS(holding) {
      const untilS = find(holding.provider, holding.externalId)?.silentUntilS ?? 0;
      return untilS > nowS ? untilS : undefined;
    },
  };
}

function placeOf(holding: Holding, knownS: number): Place {
  const types = new Map<string, HeldRecord[]>();
  const first = new Set<HeldRecord>();
  const seen = new Set<string>();
  for (const record of holding.records.toSorted((a, b) => a.knownAtS - b.knownAtS)) {
    const all = types.get(record.type) ?? [];
    all.push(record);
    types.set(record.type, all);
    const name = `${record.type}/${record.id}`;
    if (!seen.has(name)) first.add(record);
    seen.add(name);
  }
  return { holding, types, first, knownS, silentUntilS: 0 };
}

function move(place: Place, untilS: number): Change[] {
  const { holding, first, knownS: fromS } = place;
  place.knownS = untilS;
  const within = (s: number | undefined): s is number => s !== undefined && s > fromS && s <= untilS;
  return holding.records.flatMap((record): Change[] => {
    const { knownAtS, deletedAtS } = record;
    const told: Change = { holding, record, atS: knownAtS, event: first.has(record) ? 'create' : 'update' };
    return [
      ...(within(knownAtS) ? [told] : []),
      ...(within(deletedAtS) ? [{ holding, record, atS: deletedAtS, event: 'delete' as const }] : []),
    ];
  });
}
