import { Temporal } from 'temporal-polyfill';
import { WellspringError } from './errors.ts';

/** The IANA name of a zone in its proper case (`europe/paris` is `Europe/Paris`); throws `unknown_zone`, also for bare offsets. */
export function zoneNamed(text: string): string {
  // A bare offset is a zone to Temporal, but it has no summer time and no engine takes it for a name.
  if (/^[A-Za-z]/.test(text)) {
    try {
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new WellspringError({
    code: 'unknown_zone',
    message: `There is no time zone "${text}".`,
    remedy: 'Name it as Area/City, for example Europe/Paris or America/New_York.',
    status: 400,
    exit: 2,
  });
}
