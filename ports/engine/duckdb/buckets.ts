import { createHash } from 'node:crypto';
import { identifier } from './sql.ts';

/** The bucket of a person or account, one hex digit: so many files a table has at most for each month, however many people there are. */
export function bucketOf(value: string): string {
  return createHash('md5').update(value).digest('hex').slice(0, 1);
}

/** The same of a column, as SQL. */
export function bucketSql(column: string): string {
  return `substr(md5(${identifier(column)}), 1, 1)`;
}

/** The column that says in which bucket a row is written. */
export const BUCKET = 'bucket_of';

/** Where rows of nobody lie. */
export const NOBODY = 'nobody';

export const BUCKETS = [...Array.from({ length: 16 }, (_, digit) => digit.toString(16)), NOBODY];

/** A select with the bucket of each row by a column, as `BUCKET`. */
export const placedSql = (column: string, select: string): string =>
  `select *, coalesce(${bucketSql(column)}, '${NOBODY}') as ${BUCKET} from (${select}) t`;
