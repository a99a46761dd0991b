import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { AwsConnection } from '../../../ports/aws.ts';
import { s3Client } from '../aws-made.ts';

/** What a test sees of a bucket and puts there, past every function. */
export function bucketAt(connection: AwsConnection, Bucket: string) {
  const client = s3Client(connection);
  /** All versions and markers. */
  const versions = async (Prefix = '') => {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
    return [
      ...Versions.map((one) => ({ ...one, isMarker: false })),
      ...DeleteMarkers.map((one) => ({ ...one, isMarker: true })),
    ];
  };
  return {
    versions,
    keys: async (prefix = ''): Promise<readonly string[]> =>
      (await versions(prefix)).flatMap(({ Key, IsLatest, isMarker }) =>
        Key !== undefined && IsLatest === true && !isMarker ? [Key] : [],
      ),
    read: async (Key: string, VersionId?: string): Promise<string> =>
      (await (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString()) ?? '',
    put: (Key: string, text: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(text) })),
  };
}
