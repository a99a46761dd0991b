import { monthSql } from './buckets.ts';

/** Columns that say which day a row is of, the first that a table has; a week by its first day. */
const DAYS = ['local_date', 'week'];

/** A record whose days lie further apart is in no month: what ties days to others is found without looking into any. */
export const LONGEST_DAYS = 3;

/** The column that says which day a row of a table with these columns is of; null where its rows are of no day. */
export function dayOf(columns: readonly string[]): string | null {
  return DAYS.find((name) => columns.includes(name)) ?? null;
}

/**
 * The month a row's file is of, `YYYY-MM`, as SQL: what a provider sent by the day it came, its records by the days they are about, all
 * else by its own day. Null where rows are of no month.
 */
export function monthOf(columns: readonly string[], partition: string | null): string | null {
  if (columns.includes('from_date')) {
    return `case when to_date - from_date <= ${LONGEST_DAYS} then ${monthSql('from_date')} end`;
  }
  if (partition === 'account' && columns.includes('raw_key')) return `substr(raw_key, 5, 7)`;
  const day = dayOf(columns);
  return day === null ? null : monthSql(day);
}
