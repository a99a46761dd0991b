import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsConnection, clientSettings, isRefusal, told } from '../aws.ts';
import { PortError } from '../errors.ts';
import { isKey, parentsOf, segmentsOf } from './key.ts';
import type { Objects } from './objects.ts';
import { createVersions } from './s3-versions.ts';

export interface S3Options {
  readonly bucket: string;
  /** Before every key, such as `home/`; none when absent. */
  readonly prefix?: string;
  readonly connection?: AwsConnection;
}

/** Racing writers of one key are told to come again; by then one of them has written it. */
const RACES = 10;

/**
 * Objects in one S3 bucket. A write is S3's own conditional write (`If-None-Match: *`), so that of two writers of one key one wins. When the
 * answer to a write was lost, the client's second try may say `duplicate` of its own: durable in both cases. `delete` removes every
 * version and delete marker. Needs `s3:ListBucket`, or a missing key answers `storage_denied`.
 */
export function createS3Objects({ bucket: Bucket, prefix = '', connection = {} }: S3Options): Objects {
  const client = new S3Client({
    ...clientSettings(connection),
    // An emulator has one host name for all buckets.
    forcePathStyle: connection.endpoint !== undefined,
  });
  const versions = createVersions({ bucket: Bucket, client });

  async function put(Key: string, Body: Uint8Array): Promise<'stored' | 'duplicate' | 'race'> {
    try {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: '*', ContentType: typeOf(Key) }));
      return 'stored';
    } catch (error) {
      if (isRefusal(error, 'PreconditionFailed')) return 'duplicate';
      // 409: another write or deletion of the key is under way, and nothing of ours was kept.
      if (isRefusal(error, 'ConditionalRequestConflict')) return 'race';
      throw error;
    }
  }

  return {
    async putIfAbsent(key, bytes) {
      segmentsOf(key);
      const mine = bytes.slice();
      return told('Writing an object', async () => {
        for (let race = 0; race < RACES; race += 1) {
          const outcome = await put(prefix + key, mine);
          if (outcome !== 'race') return outcome;
        }
        throw new PortError('storage_failed', 'Other writers of an object came first again and again.', {
          remedy: 'Try again.',
        });
      });
    },
    async get(key) {
      segmentsOf(key);
      return told('Reading an object', async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: prefix + key }));
          return await Body?.transformToByteArray();
        } catch (error) {
          // Not `NoSuchBucket`: a bucket that is not there must not pass for one that is empty.
          if (isRefusal(error, 'NoSuchKey')) return undefined;
          throw error;
        }
      });
    },
    async *list(start, { after } = {}) {
      parentsOf(start);
      let token: string | undefined;
      do {
        const from = after === undefined ? {} : { StartAfter: prefix + after };
        const at = token === undefined ? from : { ContinuationToken: token };
        const query = new ListObjectsV2Command({ Bucket, Prefix: prefix + start, ...at });
        const { Contents = [], NextContinuationToken } = await told('Listing objects', () => client.send(query));
        for (const { Key = '', Size = 0, LastModified } of Contents) {
          const key = Key.slice(prefix.length);
          // The console makes folders as empty objects, and people drop files under any name.
          if (isKey(key)) yield { key, bytes: Size, ...(LastModified && { storedAt: LastModified.getTime() }) };
        }
        token = NextContinuationToken;
      } while (token !== undefined);
    },
    async delete(key) {
      segmentsOf(key);
      await versions.removeKey(prefix + key);
    },
  };
}

function typeOf(key: string): string {
  return key.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}
