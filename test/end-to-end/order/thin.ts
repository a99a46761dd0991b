import type { PushParcel } from '../../../local/sandbox/parcel.ts';
import { readWatchPush, type WatchPush, type WatchRecord } from './push.ts';

const QUARTER_S = 900;
/** Of this many quarters of an hour one is kept. */
const KEPT_OF = 12;

const isKept = (s: number): boolean => Math.floor(s / QUARTER_S) % KEPT_OF === 0;

/** Most of a push is series that behave alike: with a part of them a run costs a third, and their rules are all there still. */
export function thin(parcel: PushParcel): PushParcel {
  const { dailies, epochs, ...others } = readWatchPush(parcel);
  const body: WatchPush = {
    ...(dailies === undefined ? {} : { dailies: dailies.map(withFewerBeats) }),
    ...(epochs === undefined ? {} : { epochs: epochs.filter((record) => isKept(Number(record.startTimeInSeconds))) }),
    ...others,
  };
  return { ...parcel, body: JSON.stringify(body) };
}

function withFewerBeats(record: WatchRecord): WatchRecord {
  const beats = record['timeOffsetHeartRateSamples'];
  if (typeof beats !== 'object' || beats === null) return record;
  const kept = Object.entries(beats).filter(([atS]) => isKept(Number(atS)));
  return { ...record, timeOffsetHeartRateSamples: Object.fromEntries(kept) };
}
