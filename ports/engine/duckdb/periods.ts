import { bucketOf, bucketSql } from './buckets.ts';
import { columnOf, type Database } from './database.ts';
import type { StoredFile } from './manifest.ts';
import { identifier } from './sql.ts';

/** Characters of a date a file can be of: `2026-06` a month, `2026-06-1` the ten days of it whose dates begin so. */
const [MONTH, TEN_DAYS] = [7, 9];

/** So many days after its end a month still has files of ten days: what comes late is of the days before. */
const LATE_DAYS = 10;

/**
 * The first day whose file is of ten days: a batch writes anew what lies in a file with the days it makes anew, and these are of late for
 * the most part. Files of the days before are of months, so that all of them are not too many to be read.
 */
export function fineSince(nowMs: number): string {
  const late = new Date(nowMs - LATE_DAYS * 86_400_000).toISOString();
  return `${late.slice(0, MONTH)}-01`;
}

/** Whether a file is of ten days that are to be in one of a month by now. */
export function isOutgrown({ period }: Pick<StoredFile, 'period'>, since: string): boolean {
  return period?.length === TEN_DAYS && period < since.slice(0, TEN_DAYS);
}

/** The period of a text that begins with a date, as SQL: of ten days from `since` on, or whatever the date. */
export function periodOfText(text: string, since?: string): string {
  const fine = `substr(${text}, 1, ${TEN_DAYS})`;
  if (since === undefined) return fine;
  return `case when ${text} >= '${since}' then ${fine} else substr(${text}, 1, ${MONTH}) end`;
}

/** The same of a date column; nothing for days no calendar of ours goes to. */
export function periodOfDay(column: string, since?: string): string {
  const day = identifier(column);
  const text = `strftime(${day}, '%Y-%m-%d')`;
  return `case when ${day} between date '1900-01-01' and date '2999-12-31' then ${periodOfText(text, since)} end`;
}

/** Whether a period has days in common with any of these. */
export function overlapping(periods: Iterable<string>): (period: string) => boolean {
  const all = new Set(periods);
  const months = new Set([...all].map((period) => period.slice(0, MONTH)));
  return (period) =>
    period.length === MONTH ? months.has(period) : all.has(period) || all.has(period.slice(0, MONTH));
}

/** Whether a file may hold rows that belong into these buckets and periods. */
export type Places = (file: Pick<StoredFile, 'bucket' | 'period'>) => boolean;

/** All places of the buckets in which the values of a column of a table lie. */
export async function bucketsOf(database: Database, table: string, column: string): Promise<Places> {
  const buckets = new Set((await columnOf(database, `select ${column} from ${table}`)).map(bucketOf));
  return ({ bucket }) => bucket !== null && buckets.has(bucket);
}

/** The places of the rows of a select, by the column their buckets are of and the period of each (SQL), which may be null both. */
export async function placesOf(database: Database, select: string, column: string, period: string): Promise<Places> {
  const found = await database.rows(
    `select distinct ${bucketSql(column)} as bucket, ${period} as period from (${select}) p`,
  );
  const periods = new Map<string | null, (string | null)[]>();
  for (const row of found) {
    const bucket = row['bucket'] === null ? null : String(row['bucket']);
    periods.set(bucket, [...(periods.get(bucket) ?? []), row['period'] === null ? null : String(row['period'])]);
  }
  const places = new Map(
    [...periods].map(([bucket, of]) => [
      bucket,
      { isIn: overlapping(of.filter((one) => one !== null)), hasNone: of.includes(null) },
    ]),
  );
  return (file) => {
    const of = places.get(file.bucket);
    if (of === undefined) return false;
    return file.period === null ? of.hasNone : of.isIn(file.period);
  };
}
