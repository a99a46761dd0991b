import type { AwsConnection } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
import { pointersAside, storageAside } from './aside.ts';
import { createCatalog } from './catalog.ts';
import { createGluePointers } from './glue-pointers.ts';
import type { IcebergCatalog } from './iceberg.ts';
import { createS3Storage } from './s3.ts';

export interface GlueOptions {
  readonly database: string;
  /** The bucket of tables; they lie below `tables/`. */
  readonly bucket: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly connection?: AwsConnection;
  /** Commits nothing: what is committed is seen by this one alone, and gone with it. */
  readonly isAside?: boolean;
}

/** The Iceberg tables of a Glue database, where the Spark jobs keep theirs. */
export function createGlueIceberg({
  database,
  bucket,
  clock,
  ids,
  connection = {},
  isAside = false,
}: GlueOptions): IcebergCatalog {
  const [storage, pointers] = [createS3Storage(connection), createGluePointers({ database, connection })];
  const tables = isAside
    ? { storage: storageAside(storage), pointers: pointersAside(pointers) }
    : { storage, pointers };
  return createCatalog({ place: `s3://${bucket}/tables`, ...tables, clock, ids });
}
