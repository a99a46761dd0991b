import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsConnection, awsError, clientSettings, isRefusal, told } from '../../aws.ts';
import { PortError } from '../../errors.ts';
import type { Place } from './place.ts';

/** Files of a first batch are tens of megabytes. */
const TIMEOUT_MS = 60_000;

/** Up to so many bytes a file is sent as bytes, which the SDK sends again where it has to; a stream it sends once. */
const AS_BYTES = 64 * 1024 * 1024;

/** By this mark a rule of the bucket ends lines with values after a month. */
const PASSING = { Tagging: 'holds=values' };

/** The lake as one S3 bucket. */
export function createS3Place(options: { readonly bucket: string; readonly connection?: AwsConnection }): Place {
  const { bucket: Bucket, connection = {} } = options;
  const client = new S3Client({
    ...clientSettings({ timeoutMs: TIMEOUT_MS, ...connection }),
    forcePathStyle: connection.endpoint !== undefined,
  });
  const keyOf = (address: string): string => {
    const start = `s3://${Bucket}/`;
    if (address.startsWith(start)) return address.slice(start.length);
    throw new PortError('foreign_file', 'A table names a data file outside the bucket of the lake.', {
      remedy: 'Rebuild the table: only files of the lake are read.',
    });
  };
  async function bodyOf(Key: string) {
    try {
      return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body;
    } catch (error) {
      if (isRefusal(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  }
  async function putFile(what: string, from: string, Key: string, mark: Partial<typeof PASSING> = {}): Promise<void> {
    const { size: ContentLength } = await stat(from);
    const Body = ContentLength > AS_BYTES ? createReadStream(from) : await readFile(from);
    const put = new PutObjectCommand({ Bucket, Key, ContentLength, Body, ...mark });
    await told(what, () => client.send(put));
  }
  return {
    async list(Prefix) {
      const keys: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const query = new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken });
        const page = await told('Listing the lake', () => client.send(query));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return keys;
    },
    read: (Key) => told('Reading from the lake', async () => (await bodyOf(Key))?.transformToString()),
    async write(Key, text, { passing = false } = {}) {
      // An empty text would be taken for a stream of unknown length.
      const Body = new TextEncoder().encode(text);
      const put = new PutObjectCommand({ Bucket, Key, Body, ...(passing ? PASSING : {}) });
      await told('Writing to the lake', () => client.send(put));
    },
    stream: (Key) =>
      told('Reading from the lake', async () => {
        const body = await bodyOf(Key);
        return body === undefined ? undefined : whole(body.transformToWebStream());
      }),
    put: (from, Key, { passing = false } = {}) => putFile('Writing to the lake', from, Key, passing ? PASSING : {}),
    async remove(Key) {
      await told('Removing from the lake', () => client.send(new DeleteObjectCommand({ Bucket, Key })));
    },
    async fetch(address, to) {
      const Key = keyOf(address);
      await told('Reading a data file', async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        if (Body === undefined) throw new PortError('storage_failed', 'A data file came without a body.');
        await pipeline(Body.transformToWebStream(), createWriteStream(to));
      });
    },
    send: (from, address) => putFile('Writing a data file', from, keyOf(address)),
  };
}

/** The blocks of a body; one that breaks off is told like any other refusal. */
async function* whole(blocks: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* blocks;
  } catch (error) {
    throw awsError(error, 'Reading from the lake');
  }
}
