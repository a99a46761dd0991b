import type { Parcel } from '../../../local/sandbox/parcel.ts';
import { readPhonePush, readWatchPush, type WatchRecord } from './push.ts';

/** What a record of the watch is about. One with a version says it too: of two versions neither has to come first. */
const watchSubjects: Readonly<Record<string, (record: WatchRecord) => string>> = {
  dailies: ({ calendarDate, durationInSeconds }) => `${calendarDate} ${durationInSeconds}`,
  epochs: ({ startTimeInSeconds, activityType, durationInSeconds }) =>
    `${startTimeInSeconds} ${activityType} ${durationInSeconds}`,
  // An edited night may begin at another time; its date stays.
  sleeps: ({ calendarDate }) => `${calendarDate}`,
  bodyComps: ({ measurementTimeInSeconds }) => `${measurementTimeInSeconds}`,
  activities: ({ activityId }) => `${activityId}`,
};

function watchSubject(type: string, record: WatchRecord): string {
  const about = watchSubjects[type];
  if (about === undefined) throw new RangeError(`What are ${type} about?`);
  return `${type} ${record.userId} ${about(record)}`;
}

/**
 * What a parcel states without a version: of two parcels that share a subject the later one counts, so their order matters
 * and is the same in every way.
 */
export function subjectsOf(parcel: Parcel): readonly string[] {
  const whose = `${parcel.provider} ${parcel.person}`;
  // A file displaces every older one inside its range.
  if (parcel.kind === 'file') return [`${whose} ${parcel.name.split('-')[0]}`];
  if (parcel.provider === 'garmin') {
    return Object.entries(readWatchPush(parcel)).flatMap(([type, records]) =>
      records.map((record) => watchSubject(type, record)),
    );
  }
  const { metrics, workouts } = readPhonePush(parcel);
  const aggregation = parcel.headers['automation-aggregation'];
  return [
    ...metrics.flatMap(({ name, data }) => data.map(({ date }) => `${whose} ${aggregation} ${name} ${date}`)),
    ...workouts.map(({ id }) => `${whose} workout ${id}`),
  ];
}
