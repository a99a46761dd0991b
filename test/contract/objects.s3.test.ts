// moto keeps versions and conditional writes as S3 does. It never answers 409 to racing writers and lists all versions of a key at once
// (test/ports/s3.test.ts plays both), enforces no
// policy, and its lists are never late; with LIVE=1 the same tests show on a bucket of their own that S3's are not either.
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { onAws } from '../support/aws.ts';
import { makeBucket, s3Client } from '../support/aws-made.ts';
import { keysOf } from '../support/door.ts';
import { objectsContract } from './objects.ts';

const bytes = Buffer.from('x');

onAws((aws) => {
  const open = async (options: { readonly versioned?: boolean; readonly prefix?: string } = {}) => {
    const { connection } = aws;
    const bucket = await makeBucket(connection, options);
    const client = s3Client(connection);
    const { prefix = '' } = options;
    return {
      bucket,
      client,
      objects: createS3Objects({ bucket, prefix, connection }),
      at: (other: string) => createS3Objects({ bucket, prefix: other, connection }),
      put: (Key: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes })),
      /** Every version and delete marker of everything that is left. */
      left: async () => {
        const { Versions = [], DeleteMarkers = [] } = await client.send(
          new ListObjectVersionsCommand({ Bucket: bucket }),
        );
        return [...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key).toSorted((a, b) => (a < b ? -1 : 1));
      },
    };
  };

  objectsContract('s3', async () => (await open()).objects);
  objectsContract('s3 without versions', async () => (await open({ versioned: false })).objects);
  objectsContract('s3 below a prefix', async () => (await open({ prefix: 'home/anna/' })).objects);

  test('a deletion removes every version and delete marker of the key, however many, and no longer key', async () => {
    const { objects, put, left } = await open();
    for (let portion = 0; portion < 3; portion += 1) await Promise.all(Array.from({ length: 50 }, () => put('raw/k')));
    await put('raw/k2');
    await put('raw/k/below');
    await objects.delete('raw/k');
    expect(await left()).toEqual(['raw/k/below', 'raw/k2']);
  });

  test('a key that was put again after each deletion leaves nothing', async () => {
    const { objects, left } = await open();
    for (let round = 0; round < 3; round += 1) {
      expect(await objects.putIfAbsent('raw/k', bytes)).toBe('stored');
      await objects.delete('raw/k');
      expect(await left()).toEqual([]);
    }
  });

  test('a listing goes on over as many pages as there are, from the start and from behind a key', async () => {
    const { objects, put } = await open();
    const keys = Array.from({ length: 1050 }, (_, n) => `raw/${String(n).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) await Promise.all(keys.slice(at, at + 50).map(put));
    expect(await keysOf(objects, 'raw/')).toEqual(keys);
    const behind = [];
    for await (const { key } of objects.list('raw/', { after: 'raw/0010' })) behind.push(key);
    expect(behind).toEqual(keys.slice(11));
  });

  test('what people and the console put there under other names is not seen', async () => {
    const { objects, put } = await open();
    for (const key of ['inbox/', 'inbox/My Export (1).zip', 'inbox/ok.zip', 'inbox//double']) await put(key);
    expect(await keysOf(objects, '')).toEqual(['inbox/ok.zip']);
  });

  test('below one prefix nothing is seen or deleted of another', async () => {
    const { at, left } = await open();
    const [a, b] = [at('a/'), at('b/')];
    expect([await a.putIfAbsent('raw/k', bytes), await b.putIfAbsent('raw/k', bytes)]).toEqual(['stored', 'stored']);
    await a.delete('raw/k');
    expect([await a.get('raw/k'), (await b.get('raw/k'))?.byteLength]).toEqual([undefined, 1]);
    expect(await left()).toEqual(['b/raw/k']);
  });

  test('a bucket that is not there is an error, never an empty one', async () => {
    const objects = createS3Objects({ bucket: 'wellspring-test-none-at-all', connection: aws.connection });
    const failed = { code: expect.stringMatching(/^storage_/), message: expect.not.stringContaining('raw/k') };
    await expect(objects.get('raw/k')).rejects.toMatchObject(failed);
    await expect(keysOf(objects, '')).rejects.toMatchObject(failed);
    await expect(objects.putIfAbsent('raw/k', bytes)).rejects.toMatchObject(failed);
    await expect(objects.delete('raw/k')).rejects.toMatchObject(failed);
  });
});
