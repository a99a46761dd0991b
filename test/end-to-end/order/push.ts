import * as z from 'zod';
import type { PushParcel } from '../../../local/sandbox/parcel.ts';

const field = z.union([z.string(), z.number()]).optional();

/** A record of a watch, with what tells it from others. */
const watchRecord = z.looseObject({
  userId: z.string(),
  calendarDate: field,
  startTimeInSeconds: field,
  durationInSeconds: z.number().optional(),
  activityType: field,
  activityId: field,
  measurementTimeInSeconds: field,
});

const watchPush = z.record(z.string(), z.array(watchRecord));

const phonePush = z.object({
  data: z.object({
    metrics: z.array(z.object({ name: z.string(), data: z.array(z.object({ date: z.string() })) })).default([]),
    workouts: z.array(z.object({ id: z.string() })).default([]),
  }),
});

export type WatchRecord = z.infer<typeof watchRecord>;
export type WatchPush = z.infer<typeof watchPush>;

/** The lists of a push of the watch maker, by type. */
export function readWatchPush({ body }: PushParcel): WatchPush {
  return watchPush.parse(JSON.parse(body));
}

/** Metrics and workouts of a post of the phone's app. */
export function readPhonePush({ body }: PushParcel): z.infer<typeof phonePush>['data'] {
  return phonePush.parse(JSON.parse(body)).data;
}
