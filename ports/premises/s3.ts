import { ListObjectsV2Command, type ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { type AwsConnection, awsError, clientSettings } from '../aws.ts';
import { createVersions, type Version, type Versions } from '../objects/s3-versions.ts';
import type { Folders, Later, Premises } from './premises.ts';

/** The buckets of a stack. */
export interface S3PremisesOptions {
  /** Its inbox. */
  readonly raw: string;
  /** Old versions of the tables' files. */
  readonly lake: string;
  /** Exports, and answers of queries. */
  readonly results: string;
  readonly later: readonly Later[];
  readonly connection?: AwsConnection;
}

/** A shorter word is in a name by chance. */
const LEAST = 6;

const exportsOf = ({ userId }: Folders): string => `exports/${userId}/`;

/**
 * What the buckets of a stack keep beside raw objects, tables and records of runs. `clear` needs `s3:DeleteObjectVersion`. Answers of queries are
 * removed whosesoever they are: they can be asked for again. `search` looks at names, because the bytes of a lake are too many. Throws what `awsError` says.
 */
export function createS3Premises({ raw, lake, results, later, connection = {} }: S3PremisesOptions): Premises {
  const client = new S3Client({ ...clientSettings(connection), forcePathStyle: connection.endpoint !== undefined });
  const versionsOf = (bucket: string): Versions => createVersions({ bucket, client });

  /** Of everybody's folders in the inbox, those of these names; under whatever provider. */
  async function inboxes({ names }: Folders): Promise<readonly string[]> {
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await client
        .send(new ListObjectsV2Command({ Bucket: raw, Prefix: 'inbox/', Delimiter: '/', ContinuationToken }))
        .catch((error: unknown) => Promise.reject(awsError(error, 'Listing the inbox')));
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) found.push(...names.map((name) => `${Prefix}${name}/`));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  return {
    later,
    async count(folders) {
      let inbox = 0;
      for (const prefix of await inboxes(folders)) inbox += await count(versionsOf(raw), prefix);
      return { inbox, exports: await count(versionsOf(results), exportsOf(folders)) };
    },
    async clear(folders) {
      for (const prefix of await inboxes(folders)) await versionsOf(raw).remove({ prefix });
      await versionsOf(results).remove({ prefix: exportsOf(folders) });
      await versionsOf(results).remove({ prefix: '', isMeant: ({ key }) => !key.startsWith('exports/') });
      await dropOld(versionsOf(lake), 'tables/');
    },
    async search({ told, opaque }) {
      const words = [...told, ...opaque].filter((word) => word.length >= LEAST);
      const found: string[] = [];
      for (const [bucket, prefix] of [
        [raw, 'inbox/'],
        [results, 'exports/'],
      ] as const) {
        for await (const { key } of versionsOf(bucket).list(prefix)) {
          if (words.some((word) => key.includes(word))) found.push(key);
        }
      }
      return [...new Set(found)];
    },
  };
}

async function count(versions: Versions, prefix: string): Promise<number> {
  let n = 0;
  for await (const { isLatest, isMarker } of versions.list(prefix)) if (isLatest && !isMarker) n += 1;
  return n;
}

/**
 * Markers last, and none of what a batch has deleted just now and still has a version: without its marker an older version would be the newest
 * again, and stay.
 */
async function dropOld(versions: Versions, prefix: string): Promise<void> {
  await versions.remove({ prefix, isMeant: ({ isLatest, isMarker }) => !isLatest && !isMarker });
  const held = new Set<string>();
  const markers: Version[] = [];
  for await (const one of versions.list(prefix)) {
    if (one.isMarker) markers.push(one);
    else if (!one.isLatest) held.add(one.key);
  }
  const lonely = new Set(markers.filter(({ key }) => !held.has(key)).map(({ versionId }) => versionId));
  await versions.remove({ prefix, isMeant: ({ versionId, isMarker }) => isMarker && lonely.has(versionId) });
}
