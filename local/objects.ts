import { createFsObjects } from '../ports/objects/fs.ts';
import { isKey } from '../ports/objects/key.ts';
import type { Objects } from '../ports/objects/objects.ts';
import type { Files } from '../ports/files/files.ts';
import { nodeFiles } from '../ports/files/node.ts';

/** A bucket and what comes before every key in it. */
export interface Bucket {
  readonly bucket: string;
  /** Empty, or ending in `/`. */
  readonly prefix: string;
}

/** S3's rules for names, without dots: those have no certificate. */
const BUCKET = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])(?:\/(?<path>.{0,200}?)\/?)?$/;

/** Reads `s3://bucket` or `s3://bucket/prefix`; undefined for anything else. */
export function bucketIn(text: string): Bucket | undefined {
  const named = BUCKET.exec(text)?.groups;
  const { bucket = '', path = '' } = named ?? {};
  if (named === undefined || (path !== '' && !isKey(path))) return undefined;
  return { bucket, prefix: path === '' ? '' : `${path}/` };
}

/** Where raw objects are kept: below the data directory, or in a bucket. Only who has one waits for its client to load. */
export async function openObjects(options: {
  readonly dataDir: string;
  readonly bucket: Bucket | undefined;
  readonly files: Files | undefined;
}): Promise<Objects> {
  const { dataDir, bucket, files = nodeFiles } = options;
  if (bucket === undefined) return createFsObjects({ root: dataDir, files });
  const { createS3Objects } = await import('../ports/objects/s3.ts');
  return createS3Objects(bucket);
}
