import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsConnection, clientSettings, told } from '../aws.ts';
import { PortError } from '../errors.ts';
import type { Storage } from './storage.ts';

/** As many as S3 removes at once. */
const PORTION = 1000;

/** Files of tables in S3. `remove` leaves old versions to the bucket's lifecycle rule. */
export function createS3Storage(connection: AwsConnection = {}): Storage {
  const client = new S3Client({
    ...clientSettings(connection),
    // An emulator has one host name for all buckets.
    forcePathStyle: connection.endpoint !== undefined,
  });

  async function removeFrom(Bucket: string, keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += PORTION) {
      const Objects = keys.slice(at, at + PORTION).map((Key) => ({ Key }));
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      const [first] = Errors;
      if (first !== undefined) throw Object.assign(new Error('refused'), { name: first.Code ?? 'Error' });
    }
  }

  return {
    read: (address) =>
      told('Reading the metadata of a table', async () => {
        const { Body } = await client.send(new GetObjectCommand(placeOf(address)));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    async write(address, Body) {
      await told('Writing the metadata of a table', () =>
        client.send(new PutObjectCommand({ ...placeOf(address), Body })),
      );
    },
    async *list(start) {
      const { Bucket, Key: Prefix } = placeOf(start);
      let token: string | undefined;
      do {
        const query = new ListObjectsV2Command({ Bucket, Prefix, ...(token && { ContinuationToken: token }) });
        const { Contents = [], NextContinuationToken } = await told('Listing a table', () => client.send(query));
        for (const { Key = '', LastModified } of Contents) {
          if (LastModified !== undefined) yield { address: `s3://${Bucket}/${Key}`, writtenAt: LastModified.getTime() };
        }
        token = NextContinuationToken;
      } while (token !== undefined);
    },
    async remove(addresses) {
      const places = addresses.map(placeOf);
      for (const bucket of new Set(places.map(({ Bucket }) => Bucket))) {
        const keys = places.filter(({ Bucket }) => Bucket === bucket).map(({ Key }) => Key);
        await told('Removing files of a table', () => removeFrom(bucket, keys));
      }
    },
  };
}

function placeOf(address: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket, Key] = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
  if (Bucket !== undefined && Key !== undefined) return { Bucket, Key };
  throw new PortError('table_unsupported', 'A table names a file that is not in S3.', {
    remedy: 'Set engine to spark, or copy the table into the lake bucket.',
  });
}
