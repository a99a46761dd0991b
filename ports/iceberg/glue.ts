import type { AwsConnection } from '../aws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
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
}

/** The Iceberg tables of a Glue database, where the Spark jobs keep theirs. */
export function createGlueIceberg({ database, bucket, clock, ids, connection = {} }: GlueOptions): IcebergCatalog {
  return createCatalog({
    place: `s3://${bucket}/tables`,
    storage: createS3Storage(connection),
    pointers: createGluePointers({ database, connection }),
    clock,
    ids,
  });
}
