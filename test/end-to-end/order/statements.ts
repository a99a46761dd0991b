import type { Chance } from '../../../local/sandbox/chance.ts';
import type { Parcel } from '../../../local/sandbox/parcel.ts';
import { subjectsOf } from './subjects.ts';
import { thin } from './thin.ts';
import { earlierVersions, unpack } from './versions.ts';

/** A delivery, and which must have been sent before it. */
export interface Statement {
  readonly parcel: Parcel;
  /** Positions in the list of statements, all of them smaller than its own. */
  readonly after: readonly number[];
}

const UNPACKED = 0.7;
const VERSIONED = 0.35;

/** The deliveries of the sandbox, some in pushes of one type each, some with an earlier version in front of them. */
export function makeStatements(deliveries: readonly Parcel[], chance: Chance): readonly Statement[] {
  const latest = new Map<string, number>();
  const parcels = deliveries.flatMap((parcel) => {
    return fromWatch(parcel, chance).flatMap((one): readonly Parcel[] => {
      const version = chance.hit(VERSIONED) ? earlierVersions(one, chance) : undefined;
      return version === undefined ? [one] : [version, one];
    });
  });
  return parcels.map((parcel, at) => {
    const subjects = subjectsOf(parcel);
    const after = new Set(subjects.flatMap((subject) => latest.get(subject) ?? []));
    for (const subject of subjects) latest.set(subject, at);
    return { parcel, after: [...after] };
  });
}

function fromWatch(parcel: Parcel, chance: Chance): readonly Parcel[] {
  if (parcel.kind === 'file' || parcel.provider !== 'garmin') return [parcel];
  const thinned = thin(parcel);
  return chance.hit(UNPACKED) ? unpack(thinned) : [thinned];
}
