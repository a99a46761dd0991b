import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type AwsConnection, awsError, clientSettings, isRefusal, told } from '../aws.ts';
import { createVersions } from '../objects/s3-versions.ts';
import type { Exports, Sink } from './exports.ts';

/** A part has at least 5 MiB, and there are at most 10,000 of them. */
const PART_BYTES = 8 << 20;
/** Long enough to begin a download; one that has begun goes on. */
const LINK_S = 300;
const ID = /^[a-z0-9_]{1,64}$/;
const TYPE = 'application/zip';

const keyOf = (userId: string, id: string): string | undefined =>
  ID.test(userId) && ID.test(id) ? `exports/${userId}/${id}.zip` : undefined;

const doing = <T>(work: Promise<T>): Promise<T> => told('Keeping an export', () => work);

/**
 * Exports as `exports/<user>/<id>.zip` of a bucket, whose lifecycle removes them after a day; in memory is one part. A function's answer holds
 * 6 MB, so `link` signs an address of S3's own. Throws what `awsError` says.
 */
export function createS3Exports(options: { readonly bucket: string; readonly connection?: AwsConnection }): Exports {
  const { bucket: Bucket, connection = {} } = options;
  const client = new S3Client({ ...clientSettings(connection), forcePathStyle: connection.endpoint !== undefined });
  const versions = createVersions({ bucket: Bucket, client });

  async function inParts(Key: string, build: (sink: Sink) => Promise<unknown>): Promise<void> {
    const { UploadId } = await doing(client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: TYPE })));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    let waiting: Uint8Array[] = [];
    let bytes = 0;
    const send = async (): Promise<void> => {
      const PartNumber = Parts.length + 1;
      const Body = Buffer.concat(waiting);
      [waiting, bytes] = [[], 0];
      const { ETag } = await doing(client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body })));
      Parts.push({ PartNumber, ETag });
    };
    try {
      await build(async (block) => {
        // Whoever writes may use the same memory again.
        waiting.push(block.slice());
        bytes += block.byteLength;
        if (bytes >= PART_BYTES) await send();
      });
      if (bytes > 0 || Parts.length === 0) await send();
      await doing(
        client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } })),
      );
    } catch (error) {
      // What cannot be taken back now is removed by the bucket's lifecycle.
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
      throw error;
    }
  }

  return {
    async keep(userId, id, build) {
      const key = keyOf(userId, id);
      if (key === undefined) throw new TypeError('ids of exports are ours');
      await inParts(key, build);
    },
    async open(userId, id) {
      const Key = keyOf(userId, id);
      if (Key === undefined) return undefined;
      try {
        return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToWebStream();
      } catch (error) {
        if (isRefusal(error, 'NoSuchKey', 'NotFound')) return undefined;
        throw awsError(error, 'Reading an export');
      }
    },
    async link(userId, id) {
      const Key = keyOf(userId, id);
      if (Key === undefined) return undefined;
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key }));
      } catch (error) {
        if (isRefusal(error, 'NoSuchKey', 'NotFound')) return undefined;
        throw awsError(error, 'Looking for an export');
      }
      const ResponseContentDisposition = `attachment; filename="wellspring-${userId}.zip"`;
      const command = new GetObjectCommand({
        Bucket,
        Key,
        ResponseContentDisposition,
        ResponseCacheControl: 'no-store',
      });
      return getSignedUrl(client, command, { expiresIn: LINK_S });
    },
    async remove(userId, id) {
      const key = keyOf(userId, id);
      if (key !== undefined) await versions.removeKey(key);
    },
    // The bucket's lifecycle does that.
    dropOld: () => Promise.resolve(0),
  };
}
