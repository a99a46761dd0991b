import { beforeAll, expect, test } from 'vitest';
import { createS3Inbox } from '../../ports/inbox/s3.ts';
import { openAnswering } from '../support/answering.ts';

const KEY = 'inbox/myfitnesspal/Anna/a.csv';

// The client wants some.
beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' }));

const version = (id: string, etag: string, isLatest: boolean) =>
  `<Version><Key>${KEY}</Key><VersionId>${id}</VersionId><ETag>${etag}</ETag><IsLatest>${isLatest}</IsLatest></Version>`;

test('a file that is put there again while the one before is taken away stays', async () => {
  // Whoever asks for the newest alone is still told of the first; the list shows that another one has come.
  const { url, asked } = await openAnswering((response, { method }) => {
    if (method === 'HEAD') return void response.writeHead(200, { etag: '"first"', 'content-length': '1' }).end();
    response.writeHead(200, { 'content-type': 'application/xml' });
    const all = version('v2', '"second"', true) + version('v1', '"first"', false);
    const list = `<ListVersionsResult><IsTruncated>false</IsTruncated>${all}</ListVersionsResult>`;
    return void response.end(method === 'POST' ? '<DeleteResult></DeleteResult>' : list);
  });
  const inbox = createS3Inbox({ bucket: 'b', connection: { endpoint: url, region: 'us-east-1', attempts: 1 } });
  const file = { provider: 'myfitnesspal', user: 'Anna', name: 'a.csv', bytes: 1 };
  const deleted = () => asked.filter(({ method }) => method === 'POST').map(({ body }) => body);

  await inbox.remove({ ...file, stamp: '"first"' });
  expect(deleted()).toEqual([]);
  await inbox.remove({ ...file, stamp: '"second"' });
  expect(deleted()).toEqual([expect.stringMatching(/v2.*v1/s)]);
});
