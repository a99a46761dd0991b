import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import { openRemote } from '../../support/remote.ts';

// Each of them opens a data directory and its server.
vi.setConfig({ testTimeout: 90_000 });

const exported = z.object({ user_id: z.string(), files: z.number(), bytes: z.number() });

test('an export through a server is the file this machine would write, and its owner’s alone', async () => {
  const { base, here, there, served, runtime } = await openRemote();
  await served.settle();
  const [ours, theirs] = [join(base, 'ours.zip'), join(base, 'theirs.zip')];
  const one = exported.parse(JSON.parse((await here('export', '--user', 'Ann', '--out', ours, '--json')).out));
  const ran = await there('export', '--user', 'Ann', '--out', theirs, '--json');
  expect(ran.code, ran.err).toBe(0);
  const other = exported.parse(JSON.parse(ran.out));
  expect(other).toEqual(one);
  const [mine, fetched] = [unzipSync(readFileSync(ours)), unzipSync(readFileSync(theirs))];
  expect(Object.keys(fetched)).toEqual(Object.keys(mine));
  // The manifest lists the others.
  expect(other.files).toBe(Object.keys(fetched).length - 1);
  expect(statSync(theirs).mode & 0o777).toBe(0o600);
  // Nobody is signed in any more: the session ended with the command.
  expect(await runtime.state.list('session')).toEqual([]);
  expect(await there('export', '--user', 'Ann', '--out', theirs)).toMatchObject({ code: 2, out: '' });
});

test('an export that cannot be built leaves no file and says why', async () => {
  const { base, there, runtime } = await openRemote();
  const { exports } = runtime;
  if (exports === undefined) throw new Error('one machine builds exports');
  exports.keep = () => Promise.reject(new Error('no room'));
  const out = join(base, 'never.zip');
  const ran = await there('export', '--user', 'Ann', '--out', out, '--json');
  expect([ran.code, ran.out]).toEqual([4, '']);
  expect(ran.err).toContain('"code":"export_failed"');
  expect(() => statSync(out)).toThrow('ENOENT');
});

test.each([
  ['whole', 1, 0, ''],
  ['cut off', 0.5, 4, 'export_broken'],
])('a file in a bucket that is %s is fetched there without session and token', async (_, share, code, word) => {
  const { base, here, there, runtime, served } = await openRemote();
  await served.settle();
  const ours = join(base, 'ours.zip');
  await here('export', '--user', 'Ann', '--out', ours);
  const bytes = readFileSync(ours);
  const asked: IncomingHttpHeaders[] = [];
  const bucket = createServer((request, response) => {
    asked.push(request.headers);
    response.end(bytes.subarray(0, Math.floor(bytes.length * share)));
  });
  bucket.listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  onTestFinished(() => void bucket.close());
  const { port } = z.object({ port: z.number() }).parse(bucket.address());
  const place = `http://127.0.0.1:${port}/exports/ann.zip?X-Amz-Signature=a-proof`;
  Object.assign(runtime, { exports: Object.assign(runtime.exports ?? {}, { link: async () => place }) });
  const out = join(base, 'theirs.zip');
  const ran = await there('export', '--user', 'Ann', '--out', out, '--json');
  expect(asked).toHaveLength(1);
  expect([asked[0]?.cookie, asked[0]?.authorization]).toEqual([undefined, undefined]);
  expect([ran.code, ran.err.includes(word), existsSync(out)]).toEqual([code, true, code === 0]);
  expect(ran.err).not.toContain('a-proof');
  if (code === 0) expect(readFileSync(out)).toEqual(bytes);
});

const DIARY = 'Date,Meal,Calories\n2026-01-05,Lunch,500\n';

test('files are imported through a server, small and large, and a refused one is told', async () => {
  const { base, here, there } = await openRemote();
  const [diary, large, bad] = ['Nutrition-Summary.csv', 'Nutrition-Summary-2.csv', 'Measurement-bad.csv'].map((name) =>
    join(base, name),
  );
  writeFileSync(diary ?? '', DIARY);
  // Above what comes with a request, by an address of its own; the columns nobody reads are long.
  writeFileSync(large ?? '', `Date,Meal,Calories,Note\n${`2026-02-05,Lunch,500,${'x'.repeat(1000)}\n`.repeat(5_200)}`);
  writeFileSync(bad ?? '', 'Weight\n70.5\n');
  const words = ['import', 'myfitnesspal', diary ?? '', large ?? '', bad ?? '', '--user', 'Ann', '--json'];
  const [one, again] = [await there(...words), await here(...words)];
  const report = z.object({ objects: z.number(), duplicates: z.number(), refused: z.array(z.unknown()) });
  const [first, second] = [report.parse(JSON.parse(one.out)), report.parse(JSON.parse(again.out))];
  expect([one.code, again.code]).toEqual([1, 1]);
  // What the server stored is what this machine would have: everything is known, and the refusal is the same.
  expect(second).toEqual({ objects: 0, duplicates: first.objects + first.duplicates, refused: first.refused });
  expect(first.refused).toHaveLength(1);
  expect(first.objects).toBeGreaterThanOrEqual(2);
  expect(one.err.split('\n').filter((line) => line.startsWith('✗'))).toEqual(
    again.err.split('\n').filter((line) => line.startsWith('✗')),
  );
});

test('forget waits for the receipt of a server, which then knows nobody of that name', async () => {
  const { there, here } = await openRemote();
  const ran = await there('forget', '--user', 'Ann', '--yes', '--json');
  expect(ran.code, ran.err).toBe(0);
  const { receipt } = z.object({ receipt: z.record(z.string(), z.unknown()) }).parse(JSON.parse(ran.out));
  expect(receipt).toMatchObject({
    user_id: expect.stringMatching(/^u_/),
    finished_at: expect.any(String),
    places: expect.arrayContaining([expect.objectContaining({ place: 'raw objects', gone: 'now' })]),
    providers: [],
    found: {},
  });
  expect(ran.err).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/receipts\/\S+$/m);
  expect(JSON.parse((await here('user', 'list', '--json')).out)).toMatchObject({ users: [] });
  expect(await there('forget', '--user', 'Ann', '--yes')).toMatchObject({ code: 2, out: '' });
});
