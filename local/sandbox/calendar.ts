import { Temporal } from 'temporal-polyfill';

/** One civil date as one person lives it: from `startS` to `endS` (epoch seconds). */
export interface LocalDay {
  readonly date: string;
  readonly zone: string;
  readonly startS: number;
  readonly endS: number;
  /** 1 is Monday. */
  readonly weekday: number;
  /** True when the person woke where they went to bed: no night in a plane. */
  readonly nightAtPlace: boolean;
  /** Seconds to add to UTC at the instant `s`. */
  readonly offsetAt: (s: number) => number;
}

/** The date `days` after `date`, `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The civil date and hour in a zone at an instant in Unix ms. */
export function localTime(ms: number, zone: string): { readonly date: string; readonly hour: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return { date: local.toPlainDate().toString(), hour: local.hour };
}

const seconds = (time: Temporal.ZonedDateTime): number => Math.floor(time.epochMilliseconds / 1000);
const offset = (time: Temporal.ZonedDateTime): number => time.offsetNanoseconds / 1e9;

/** Whether the clocks of `zone` change between two dates (both included). */
export function clockChanges(zone: string, from: string, to: string): boolean {
  const start = Temporal.PlainDate.from(from).toZonedDateTime(zone);
  const end = Temporal.PlainDate.from(to).add({ days: 1 }).toZonedDateTime(zone);
  const change = start.getTimeZoneTransition('next');
  return change !== null && Temporal.ZonedDateTime.compare(change, end) < 0;
}

/** The dates from `from` on, the i-th in `zones[i]`. Where the zone changes, a day begins no earlier than the one before has ended. */
export function localDays(from: string, zones: readonly string[]): LocalDay[] {
  const days: LocalDay[] = [];
  for (const [index, zone] of zones.entries()) {
    const date = Temporal.PlainDate.from(from).add({ days: index });
    const start = date.toZonedDateTime(zone);
    const end = date.add({ days: 1 }).toZonedDateTime(zone);
    const before = offset(start.subtract({ hours: 12 }));
    const [first, last] = [offset(start), offset(end)];
    const changeS = first === last ? seconds(end) : seconds(start.getTimeZoneTransition('next') ?? end);
    const previous = days.at(-1);
    days.push({
      date: date.toString(),
      zone,
      startS: Math.max(seconds(start), previous?.endS ?? 0),
      endS: seconds(end),
      weekday: date.dayOfWeek,
      nightAtPlace: previous === undefined || previous.zone === zone,
      // The evening before belongs to the night: half a day back is far enough for every bedtime.
      offsetAt: (s) => (s < seconds(start) ? before : s < changeS ? first : last),
    });
  }
  return days;
}

/** The local wall time of an instant, `YYYY-MM-DD HH:mm:ss`. */
export function wallTime(s: number, offsetS: number): string {
  return new Date((s + offsetS) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

const pair = (value: number): string => `${Math.floor(value)}`.padStart(2, '0');

/** The local wall time of an instant with its offset, `2026-09-11T07:00:00+02:00`. */
export function localIso(s: number, offsetS: number): string {
  const minutes = Math.abs(offsetS) / 60;
  return `${wallTime(s, offsetS).replace(' ', 'T')}${offsetS < 0 ? '-' : '+'}${pair(minutes / 60)}:${pair(minutes % 60)}`;
}
