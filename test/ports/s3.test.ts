import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { createVersions } from '../../ports/objects/s3-versions.ts';
import { createS3Premises } from '../../ports/premises/s3.ts';
import { openAnswering } from '../support/answering.ts';
import { s3Client } from '../support/aws-made.ts';
import { TIME_OUT_MS } from '../support/time-out.ts';

const bytes = Buffer.from('a text nobody repeats');
const refusal = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>raw/k ${bytes.toString()}</Message></Error>`;
const refuse = (status: number, code: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/xml' }).end(refusal(code));
const ok = (response: ServerResponse) => void response.writeHead(200, { etag: '"x"' }).end();
const silence = () => undefined;

// The client wants some.
beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' }));

/** S3 that answers in these ways in turn, the last one for ever. */
async function open(...ways: readonly ((response: ServerResponse) => void)[]) {
  const { url, asked } = await openAnswering((response) => (ways[asked.length - 1] ?? ways.at(-1) ?? ok)(response));
  const connection = { endpoint: url, region: 'us-east-1', attempts: 1, timeoutMs: TIME_OUT_MS };
  return { asked, objects: createS3Objects({ bucket: 'b', connection }) };
}

const failed = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable('It worked.'),
    (error: unknown) => error,
  );

test('a write that raced is made again until S3 says which it was', async () => {
  const race = refuse(409, 'ConditionalRequestConflict');
  const stored = await open(race, race, ok);
  expect([await stored.objects.putIfAbsent('raw/k', bytes), stored.asked.length]).toEqual(['stored', 3]);
  const duplicate = await open(race, refuse(412, 'PreconditionFailed'));
  expect(await duplicate.objects.putIfAbsent('raw/k', bytes)).toBe('duplicate');
  expect(stored.asked.every(({ headers }) => headers['if-none-match'] === '*')).toBe(true);
});

test('a race that never ends is given up, and nothing is acknowledged', async () => {
  const { objects, asked } = await open(refuse(409, 'ConditionalRequestConflict'));
  expect(await failed(objects.putIfAbsent('raw/k', bytes))).toMatchObject({ code: 'storage_failed' });
  expect(asked).toHaveLength(10);
});

test.each([
  ['AccessDenied', 403, 'storage_denied'],
  ['SlowDown', 503, 'storage_throttled'],
  ['InternalError', 500, 'storage_failed'],
  ['OperationAborted', 409, 'storage_failed'],
])('%s is %s %s, with neither key nor bytes nor what S3 said', async (name, status, code) => {
  const { objects } = await open(refuse(status, name));
  const calls = [() => objects.putIfAbsent('raw/k', bytes), () => objects.get('raw/k'), () => objects.delete('raw/k')];
  for (const call of calls) {
    const error = await failed(call());
    expect(error).toMatchObject({ code, message: expect.stringContaining(`${name} (${status})`) });
    expect(inspect(error, { depth: 9 })).not.toMatch(/raw\/k|nobody repeats/);
  }
});

test('S3 that does not answer is given up in time', async () => {
  const { objects } = await open(silence);
  for (const call of [() => objects.putIfAbsent('raw/k', bytes), () => objects.get('raw/k')])
    expect(await failed(call())).toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('TimeoutError'),
    });
});

test('an object whose bytes stop in the middle is given up in time, and never half of it', async () => {
  const { objects } = await open((response) => void response.writeHead(200, { 'content-length': '100' }).write('half'));
  expect(await failed(objects.get('raw/k'))).toMatchObject({ code: 'storage_failed' });
});

/** A page of versions, the last of which is of a longer key. */
const versions = (...ids: readonly string[]): string => {
  const all = ids.map((id) => `<Version><Key>raw/k</Key><VersionId>${id}</VersionId></Version>`).join('');
  const other = '<Version><Key>raw/k2</Key><VersionId>other</VersionId></Version>';
  return `<ListVersionsResult><IsTruncated>true</IsTruncated>${all}${other}</ListVersionsResult>`;
};

test('versions are deleted portion by portion until a list from the start shows none of the key', async () => {
  const [pages, deleted] = [[versions('v1', 'v2'), versions('v3'), versions()], new Array<string>()];
  const { url, asked } = await openAnswering((response, { method, form }) => {
    // The answer of a deletion that is to be quiet names only what failed.
    if (method === 'POST')
      deleted.push(...Array.from(JSON.stringify(form).matchAll(/<VersionId>(\w+)/g), ([, id]) => id ?? ''));
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(method === 'POST' ? '<DeleteResult></DeleteResult>' : (pages.shift() ?? ''));
  });
  const objects = createS3Objects({ bucket: 'b', connection: { endpoint: url, region: 'us-east-1', attempts: 1 } });
  await objects.delete('raw/k');
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
  expect(deleted).toEqual(['v1', 'v2', 'v3']);
  expect(asked.filter(({ path }) => path.includes('marker'))).toEqual([]);
});

test('a version S3 does not delete is an error', async () => {
  const { url } = await openAnswering((response, { method }) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    const refused =
      '<DeleteResult><Error><Key>raw/k</Key><VersionId>v1</VersionId><Code>AccessDenied</Code></Error></DeleteResult>';
    response.end(method === 'POST' ? refused : versions('v1'));
  });
  const objects = createS3Objects({ bucket: 'b', connection: { endpoint: url, region: 'us-east-1', attempts: 1 } });
  expect(await failed(objects.delete('raw/k'))).toMatchObject({ code: 'storage_denied' });
});

/** S3 with these versions of keys, three on a page, which goes on only from a version that is there. */
async function openVersioned(ids: readonly string[]) {
  const left = [...ids];
  const { url } = await openAnswering((response, { method, path, form }) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    if (method === 'POST') {
      for (const [, id = ''] of JSON.stringify(form).matchAll(/<VersionId>(\w+)/g)) left.splice(left.indexOf(id), 1);
      return void response.end('<DeleteResult></DeleteResult>');
    }
    const marker = new URL(path, 'http://s3').searchParams.get('version-id-marker');
    // A marker of nothing that is there: from the end.
    const from = marker === null ? 0 : left.includes(marker) ? left.indexOf(marker) + 1 : left.length;
    const page = left.slice(from, from + 3);
    const all = page.map((id) => `<Version><Key>runs/k</Key><VersionId>${id}</VersionId></Version>`).join('');
    const next = `<NextKeyMarker>runs/k</NextKeyMarker><NextVersionIdMarker>${page.at(-1)}</NextVersionIdMarker>`;
    const more = `<IsTruncated>${from + 3 < left.length}</IsTruncated>${next}`;
    return void response.end(`<ListVersionsResult>${more}${all}</ListVersionsResult>`);
  });
  return { left, old: createVersions({ bucket: 'b', client: s3Client({ endpoint: url, region: 'us-east-1' }) }) };
}

test('of versions some of which stay every one that is meant is removed, on however many pages', async () => {
  const { left, old } = await openVersioned(['a1', 'b1', 'b2', 'b3', 'a2', 'b4', 'b5', 'a3', 'a4', 'a5', 'b6']);
  expect(await old.remove({ prefix: 'runs/', isMeant: ({ versionId }) => versionId.startsWith('b') })).toBe(6);
  expect(left).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
});

const version = (key: string, id: string, isLatest: boolean) =>
  `<Version><Key>tables/${key}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest></Version>`;
const marker = (key: string, id: string) =>
  `<DeleteMarker><Key>tables/${key}</Key><VersionId>${id}</VersionId><IsLatest>true</IsLatest></DeleteMarker>`;

test('the marker of what a batch deletes meanwhile stays before its last version, and one before nothing goes', async () => {
  const deleted: string[] = [];
  let looks = 0;
  const { url } = await openAnswering((response, { method, path, body }) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    if (method === 'POST') {
      deleted.push(...Array.from(body.matchAll(/<VersionId>(\w+)/g), ([, id = '']) => id));
      return void response.end('<DeleteResult></DeleteResult>');
    }
    if (!path.includes('versions') || !path.includes('prefix=tables')) return void response.end('<ListBucketResult/>');
    looks += 1;
    // At the first look the batch has not deleted its file yet.
    const file = looks === 1 ? version('a', 'a1', true) : version('a', 'a1', false) + marker('a', 'a2');
    const lonely = deleted.includes('b1') ? '' : marker('b', 'b1');
    return void response.end(
      `<ListVersionsResult><IsTruncated>false</IsTruncated>${file}${lonely}</ListVersionsResult>`,
    );
  });
  const connection = { endpoint: url, region: 'us-east-1', attempts: 1 };
  const premises = createS3Premises({ raw: 'raw', lake: 'lake', results: 'results', later: [], connection });
  await premises.clear({ userId: 'u_anna', names: ['u_anna'] }, []);
  expect(deleted).toEqual(['b1']);
});
