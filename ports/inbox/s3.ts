import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import { createVersions } from '../objects/s3-versions.ts';
import { PortError } from '../errors.ts';
import type { Inbox, InboxFile, InboxFolder, UploadPlace } from './inbox.ts';
import { freeName, isUploadId, isWhole, NOTE, REFUSED } from './names.ts';

/** Of a request with a body that goes through this program; larger files get an address of S3's own. */
const BODY_BYTES = 6_000_000;

/** An inbox that also says which file a key names, as the bucket's notifications tell of it. */
export interface S3Inbox extends Inbox {
  /** Undefined for a file that is gone, and for a key that is none to import. */
  at(key: string): Promise<InboxFile | undefined>;
}

const folderOf = ({ provider, user }: InboxFolder): string => `inbox/${provider}/${user}/`;
const keyOf = (file: Pick<InboxFile, 'provider' | 'user' | 'uploadId' | 'name'>): string =>
  `${folderOf(file)}${file.uploadId === undefined ? '' : `${file.uploadId}/`}${file.name}`;

/**
 * The prefix `inbox/` of a bucket: `inbox/<provider>/<user>/<file>`, or `…/<upload id>/<file>`. What S3 shows is whole, so nothing has to hold
 * still first. `remove` removes every version. Throws what `awsError` says.
 */
export function createS3Inbox(options: { readonly bucket: string; readonly connection?: AwsConnection }): S3Inbox {
  const { bucket: Bucket, connection = {} } = options;
  const client = new S3Client({
    ...clientSettings(connection),
    forcePathStyle: connection.endpoint !== undefined,
    // Else a signed address would hold the checksum of a body that is not there yet.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const versions = createVersions({ bucket: Bucket, client });

  async function head(key: string): Promise<{ readonly bytes: number; readonly stamp: string } | undefined> {
    try {
      const { ContentLength = 0, ETag = '' } = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
      return { bytes: ContentLength, stamp: ETag };
    } catch (error) {
      if (isRefusal(error, 'NotFound', 'NoSuchKey')) return undefined;
      throw awsError(error, 'Looking at a file of the inbox');
    }
  }

  async function write(Key: string, Body: Uint8Array | string, once = false): Promise<'kept' | 'taken'> {
    try {
      await client.send(new PutObjectCommand({ Bucket, Key, Body, ...(once && { IfNoneMatch: '*' }) }));
      return 'kept';
    } catch (error) {
      if (isRefusal(error, 'PreconditionFailed', 'ConditionalRequestConflict')) return 'taken';
      throw awsError(error, 'Writing into the inbox');
    }
  }

  return {
    async look() {
      const found: InboxFile[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await client
          .send(new ListObjectsV2Command({ Bucket, Prefix: 'inbox/', ContinuationToken }))
          .catch((error: unknown) => Promise.reject(awsError(error, 'Listing the inbox')));
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
          const file = fileIn(Key);
          if (file !== undefined) found.push({ ...file, bytes: Size, stamp: ETag });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    async at(key) {
      const file = fileIn(key);
      const status = file === undefined ? undefined : await head(key);
      return file === undefined || status === undefined ? undefined : { ...file, ...status };
    },
    async read(file) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(file) }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (isRefusal(error, 'NoSuchKey', 'NotFound')) return undefined;
        throw awsError(error, 'Reading a file of the inbox');
      }
    },
    async remove(file) {
      await versions.removeSeen(keyOf(file), file.stamp);
    },
    async refuse(file, reason) {
      const key = keyOf(file);
      // One that was written since is judged for itself.
      if ((await head(key))?.stamp !== file.stamp) return;
      const folder = `${folderOf(file)}${REFUSED}/`;
      const name = await freeName(file.name, async (one) => (await head(`${folder}${one}`)) !== undefined);
      const CopySource = `${Bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
      await client
        .send(new CopyObjectCommand({ Bucket, Key: `${folder}${name}`, CopySource }))
        .catch((error: unknown) => Promise.reject(awsError(error, 'Putting a file aside')));
      await write(`${folder}${name}.${NOTE}`, reason);
      await versions.removeSeen(key, file.stamp);
    },
    async note(folder, reason) {
      const key = `${folderOf(folder)}${NOTE}`;
      const isThere = (await head(key)) !== undefined;
      if (reason === undefined) {
        if (isThere) await versions.removeKey(key);
      } else if (!isThere) await write(key, reason);
    },
    async keep(place, blocks, mostBytes) {
      const all: Uint8Array[] = [];
      let bytes = 0;
      for await (const block of blocks) {
        bytes += block.byteLength;
        if (bytes > Math.min(mostBytes, BODY_BYTES)) return 'too_large';
        all.push(block);
      }
      return write(keyOf(place), Buffer.concat(all), true);
    },
    async link(place: UploadPlace, { bytes, forS }) {
      const command = new PutObjectCommand({ Bucket, Key: keyOf(place), ContentLength: bytes, IfNoneMatch: '*' });
      const signableHeaders = new Set(['host', 'content-length', 'if-none-match']);
      const url = await getSignedUrl(client, command, { expiresIn: forS, signableHeaders });
      if (!url.includes('content-length'))
        throw new PortError('not_signed', 'The address would take a file of any size.');
      return { url, headers: { 'content-length': String(bytes), 'if-none-match': '*' } };
    },
  };
}

/** The file a key names; undefined for notes, for what is put aside and for what is unfinished. */
function fileIn(key: string): Omit<InboxFile, 'bytes' | 'stamp'> | undefined {
  const [inbox, provider, user, ...rest] = key.split('/');
  if (inbox !== 'inbox' || provider === undefined || user === undefined) return undefined;
  const [one = '', two] = rest;
  if (rest.length === 1 && one !== '' && isWhole(one)) return { provider, user, name: one };
  if (rest.length === 2 && two !== undefined && two !== '' && isUploadId(one) && isWhole(two)) {
    return { provider, user, uploadId: one, name: two };
  }
  return undefined;
}
