import type { Row } from '../warehouse/warehouse.ts';

/** One person, a closed range of local days (`YYYY-MM-DD`), optionally one metric. */
export interface Range {
  readonly userId: string;
  readonly from: string;
  readonly to: string;
  readonly metric?: string;
}

/** What pages and the API read: rows of `daily_metrics`, of the session marts and of what is made of days, in order of day. */
export interface Readings {
  daily(range: Range): Promise<readonly Row[]>;
  sleep(range: Range): Promise<readonly Row[]>;
  workouts(range: Range): Promise<readonly Row[]>;
  meals(range: Range): Promise<readonly Row[]>;
  scores(range: Range): Promise<readonly Row[]>;
  baselines(range: Range): Promise<readonly Row[]>;
  anomalies(range: Range): Promise<readonly Row[]>;
  readiness(range: Range): Promise<readonly Row[]>;
}

/** The tables readings hold, by the names of the marts. */
export const READINGS_TABLES = [
  'daily_metrics',
  'sleep_sessions',
  'workouts',
  'meals',
  'scores',
  'baselines_daily',
  'anomalies',
  'readiness_daily',
] as const;
export type ReadingsTable = (typeof READINGS_TABLES)[number];

/** What a batch changed in a table: a row as it is now, or the grain of one that is gone. */
export type ReadingsChange = { readonly row: Row } | { readonly gone: Row };

/** Readings that are a copy of the marts and have to be told what each batch changed. */
export interface ReadingsStore extends Readings {
  /** The tables it holds. */
  readonly tables: readonly ReadingsTable[];
  /** Applies changes of one table in any order and any number of times. */
  apply(table: ReadingsTable, changes: readonly ReadingsChange[]): Promise<void>;
  /** Removes everything of a person; answers how many rows there were. */
  remove(userId: string): Promise<number>;
}
