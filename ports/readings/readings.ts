import type { Row } from '../warehouse/warehouse.ts';

/** One person, a closed range of local days (`YYYY-MM-DD`), optionally one metric. */
export interface Range {
  readonly userId: string;
  readonly from: string;
  readonly to: string;
  readonly metric?: string;
}

/** What pages and the API read: rows of `daily_metrics` and of the session marts, in order of day. */
export interface Readings {
  daily(range: Range): Promise<readonly Row[]>;
  sleep(range: Range): Promise<readonly Row[]>;
  workouts(range: Range): Promise<readonly Row[]>;
  meals(range: Range): Promise<readonly Row[]>;
  scores(range: Range): Promise<readonly Row[]>;
}
