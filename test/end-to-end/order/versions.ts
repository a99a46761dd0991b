import type { Chance } from '../../../local/sandbox/chance.ts';
import type { Parcel, PushParcel } from '../../../local/sandbox/parcel.ts';
import { readWatchPush, type WatchPush, type WatchRecord } from './push.ts';

/** Each type in a push of its own. */
export function unpack(parcel: PushParcel): readonly PushParcel[] {
  const types = Object.entries(readWatchPush(parcel));
  return types.map(([type, records]) => ({ ...parcel, body: JSON.stringify({ [type]: records }) }));
}

/** The record as it stood earlier: a part of its time, and of what was counted in it. */
function earlier(record: WatchRecord, share: number): WatchRecord {
  const untilS = Math.floor((record.durationInSeconds ?? 0) * share);
  const part = (name: string): object => {
    const value = record[name];
    return typeof value === 'number' ? { [name]: Math.floor(value * share) } : {};
  };
  const beats = record['timeOffsetHeartRateSamples'];
  const samples = typeof beats === 'object' && beats !== null ? Object.entries(beats) : undefined;
  return {
    ...record,
    durationInSeconds: untilS,
    ...part('steps'),
    ...part('activeKilocalories'),
    ...part('activeTimeInSeconds'),
    ...(samples === undefined
      ? {}
      : { timeOffsetHeartRateSamples: Object.fromEntries(samples.filter(([atS]) => Number(atS) < untilS)) }),
  };
}

/** Earlier versions of what grows in a push, as one more push; undefined when nothing in it does. */
export function earlierVersions(parcel: Parcel, chance: Chance): PushParcel | undefined {
  if (parcel.kind === 'file' || parcel.provider !== 'garmin') return undefined;
  const { dailies = [], epochs = [] } = readWatchPush(parcel);
  const share = chance.int(2, 8) / 10;
  const days = dailies.map((record) => earlier(record, share));
  const quarters = epochs.filter(() => chance.hit(0.05)).map((record) => earlier(record, share));
  const body: WatchPush = {
    ...(days.length === 0 ? {} : { dailies: days }),
    ...(quarters.length === 0 ? {} : { epochs: quarters }),
  };
  return Object.keys(body).length === 0 ? undefined : { ...parcel, body: JSON.stringify(body) };
}
