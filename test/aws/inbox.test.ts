import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { takeFile, takeInbox } from '../../app/inbox.ts';
import { giveAddress, handIn } from '../../app/import/hand-in.ts';
import { findUpload, standingOf } from '../../app/import/upload.ts';
import { addUser } from '../../app/people.ts';
import { createS3Exports } from '../../ports/exports/s3.ts';
import { createS3Inbox } from '../../ports/inbox/s3.ts';
import { onAws } from '../support/aws.ts';
import { makeBucket, s3Client } from '../support/aws-made.ts';
import { openDesk } from '../support/desk.ts';
import { keysOf } from '../support/door.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';

const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';

onAws((aws) => {
  async function openInbox() {
    const { connection } = aws;
    const bucket = await makeBucket(connection);
    const desk = openDesk();
    const inbox = createS3Inbox({ bucket, connection });
    const anna = await addUser(desk.runtime, { name: 'Anna' });
    const runtime = { ...desk.runtime, inbox };
    const client = s3Client(connection);
    const drop = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const keys = () => keysOf(createS3Objects({ bucket, connection }), 'inbox/');
    return {
      runtime,
      inbox,
      anna,
      bucket,
      drop,
      keys,
      file: { provider: 'myfitnesspal', user_id: anna.user_id, name: 'a.csv' },
    };
  }

  test('a file is imported when the bucket tells of it, twice too, and no version of it stays', async () => {
    const { runtime, inbox, file, keys } = await openInbox();
    const upload = await handIn(runtime, file, Buffer.from(DIARY));
    const key = `inbox/myfitnesspal/${file.user_id}/${upload.upload_id}/a.csv`;
    expect(await keys()).toEqual([key]);
    const found = await inbox.at(key);
    if (found === undefined) throw new Error('not there');
    expect(await takeFile(runtime, inbox, found)).toEqual({ outcome: 'imported', objects: 1 });
    // Told again: while it was still there, and afterwards.
    expect(await takeFile(runtime, inbox, found)).toEqual({ outcome: 'gone', objects: 0 });
    expect(await inbox.at(key)).toBeUndefined();
    expect(await findUpload(runtime, upload.upload_id)).toMatchObject({
      report: { objects: 1, duplicates: 0 },
      refusal: null,
    });
    expect(await keys()).toEqual([]);
  });

  test('one that is refused is put aside with the reason, which is no file to import', async () => {
    const { runtime, inbox, file, keys, drop } = await openInbox();
    for (const content of ['Date,Meal\n', 'Date\n']) {
      await drop(`inbox/myfitnesspal/Anna/a.csv`, content);
      expect(await takeInbox(runtime, inbox)).toMatchObject({ refused: 1 });
    }
    const names = ['2-a.csv', '2-a.csv.problem.txt', 'a.csv', 'a.csv.problem.txt'];
    expect(await keys()).toEqual(names.map((name) => `inbox/myfitnesspal/Anna/refused/${name}`));
    for (const key of await keys()) expect(await inbox.at(key)).toBeUndefined();
    expect(await takeInbox(runtime, inbox)).toMatchObject({ imported: 0, refused: 0, waiting: 0 });
    expect(file.name).toBe('a.csv');
  });

  test('one that was written again since it was read is not put aside with the one before', async () => {
    const { runtime, inbox, keys, drop } = await openInbox();
    const key = 'inbox/myfitnesspal/Anna/a.csv';
    await drop(key, 'Date\n');
    const replaced: typeof inbox = {
      ...inbox,
      async read(file) {
        const bytes = await inbox.read(file);
        await drop(key, DIARY);
        return bytes;
      },
    };
    expect(await takeInbox(runtime, replaced)).toMatchObject({ refused: 1 });
    expect(await keys()).toEqual([key]);
    expect(await takeInbox(runtime, inbox)).toMatchObject({ imported: 1, objects: 1 });
    expect(await keys()).toEqual([]);
  });

  test('a folder of nobody says so beside the file, until there is somebody', async () => {
    const { runtime, inbox, keys, drop } = await openInbox();
    await drop('inbox/myfitnesspal/Cleo/a.csv', DIARY);
    for (let times = 0; times < 2; times += 1) expect(await takeInbox(runtime, inbox)).toMatchObject({ waiting: 1 });
    expect(await keys()).toEqual(['inbox/myfitnesspal/Cleo/a.csv', 'inbox/myfitnesspal/Cleo/problem.txt']);
    await addUser(runtime, { name: 'Cleo' });
    expect(await takeInbox(runtime, inbox)).toMatchObject({ imported: 1 });
    expect(await keys()).toEqual([]);
  });

  test('a large one is put to an address of the bucket, which signs its size and that nothing is there', async () => {
    const { runtime, inbox, file, keys } = await openInbox();
    const given = await giveAddress(runtime, file, DIARY.length);
    const signed = new URL(given.url).searchParams.get('X-Amz-SignedHeaders')?.split(';');
    expect(signed).toEqual(expect.arrayContaining(['content-length', 'host', 'if-none-match']));
    // A checksum here would be that of an empty body.
    expect(given.url).not.toContain('checksum');
    const put = await fetch(given.url, { method: 'PUT', body: DIARY, headers: { ...given.headers } });
    expect(put.status).toBe(200);
    expect((await fetch(given.url, { method: 'PUT', body: DIARY, headers: { ...given.headers } })).status).toBe(412);
    expect(await keys()).toHaveLength(1);
    expect(await takeInbox(runtime, inbox)).toMatchObject({ imported: 1 });
    const upload = await findUpload(runtime, given.upload.upload_id);
    expect(upload && standingOf(upload, runtime.clock.now())).toBe('imported');
  });

  test('one that does not fit the memory is refused unread, and kept', async () => {
    const { runtime, inbox, file, keys } = await openInbox();
    const upload = await handIn(runtime, file, Buffer.from(DIARY));
    const reading = { ...inbox, read: () => Promise.reject(new Error('it was read')) };
    expect(await takeInbox({ ...runtime, importBytes: DIARY.length - 1 }, reading)).toMatchObject({ refused: 1 });
    expect(await findUpload(runtime, upload.upload_id)).toMatchObject({ refusal: { code: 'too_large_here' } });
    expect(await keys()).toContain(`inbox/myfitnesspal/${file.user_id}/refused/a.csv`);
  });

  test('an export is written part by part, appears whole or not at all, and has an address of its own', async () => {
    const { connection } = aws;
    const bucket = await makeBucket(connection);
    const exports = createS3Exports({ bucket, connection });
    // Three parts: twice 8 MiB, and the rest.
    const block = new Uint8Array(3 << 20).fill(7);
    await expect(
      exports.keep('u_anna', 'e_half', async (sink) => {
        for (let n = 0; n < 4; n += 1) await sink(block);
        throw new Error('no more');
      }),
    ).rejects.toThrow('no more');
    expect(await exports.link?.('u_anna', 'e_half')).toBeUndefined();
    await exports.keep('u_anna', 'e_whole', async (sink) => {
      for (let n = 0; n < 7; n += 1) await sink(block);
    });
    const link = await exports.link?.('u_anna', 'e_whole');
    // The emulator does not say it in its answer.
    const named = new URL(link ?? '').searchParams.get('response-content-disposition');
    expect(named).toBe('attachment; filename="wellspring-u_anna.zip"');
    const answer = await fetch(link ?? '');
    const got = new Uint8Array(await answer.arrayBuffer());
    expect([got.byteLength, got.every((byte) => byte === 7)]).toEqual([7 * block.byteLength, true]);
    await exports.remove('u_anna', 'e_whole');
    expect(await exports.open('u_anna', 'e_whole')).toBeUndefined();
    for (const id of ['../e', 'e/../../x', '']) expect(await exports.link?.('u_anna', id)).toBeUndefined();
  });
});
