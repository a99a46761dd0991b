import { periodOfDay, periodOfText } from './periods.ts';

/** Columns that say which day a row is of, the first that a table has; a week by its first day. */
const DAYS = ['local_date', 'week'];

/** A record whose days lie further apart is in no period: what ties days to others is found without looking into any. */
export const LONGEST_DAYS = 3;

/** The column that says which day a row of a table with these columns is of; null where its rows are of no day. */
export function dayOf(columns: readonly string[]): string | null {
  return DAYS.find((name) => columns.includes(name)) ?? null;
}

/**
 * The period a row's file is of, as SQL: what a provider sent by the day it came, its records by the days they are about, all else by its own
 * day; from `since` on ten days, or whatever the day. Null where rows are of no period.
 */
export function periodOf(columns: readonly string[], partition: string | null, since?: string): string | null {
  if (columns.includes('from_date')) {
    return `case when to_date - from_date <= ${LONGEST_DAYS} then ${periodOfDay('from_date', since)} end`;
  }
  if (partition === 'account' && columns.includes('raw_key')) return periodOfText('substr(raw_key, 5, 10)', since);
  const day = dayOf(columns);
  return day === null ? null : periodOfDay(day, since);
}
