import type { ServerResponse } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import { metadataOf } from '../../../ports/iceberg/born.ts';
import { createGluePointers } from '../../../ports/iceberg/glue-pointers.ts';
import { openAnswering } from '../../support/answering.ts';
import { DAYS } from '../../support/iceberg.ts';
import { TIME_OUT_MS } from '../../support/time-out.ts';

// The client wants some.
beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' }));

const [OLD, OURS, THEIRS] = ['s3://b/old.metadata.json', 's3://b/ours.metadata.json', 's3://b/theirs.metadata.json'];

const points =
  (address: string, more: object = {}) =>
  (response: ServerResponse) =>
    void response.end(
      JSON.stringify({
        Table: {
          Name: 'days',
          VersionId: '7',
          Parameters: { table_type: 'ICEBERG', metadata_location: address },
          ...more,
        },
      }),
    );
const refuses = (status: number, name: string) => (response: ServerResponse) =>
  void response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name })
    .end(JSON.stringify({ __type: name, Message: 'no' }));
const ok = (response: ServerResponse) => void response.end('{}');

/** Turns the pointer of `days` from OLD to OURS at a catalog that answers in these ways in turn. */
async function turned(...ways: readonly ((response: ServerResponse) => void)[]) {
  const { url, asked } = await openAnswering((response) => (ways[asked.length - 1] ?? ok)(response));
  const pointers = createGluePointers({
    database: 'health',
    connection: { endpoint: url, region: 'us-east-1', attempts: 1, timeoutMs: TIME_OUT_MS },
  });
  const metadata = metadataOf(DAYS, { uuid: 'u', location: 's3://b/days', now: 0 });
  await pointers.turn('days', OLD, { address: OURS, metadata });
  return asked.map(({ body }): unknown => JSON.parse(body));
}

test('the version that was read is told, and what others wrote into the entry stays', async () => {
  const asked = await turned(points(OLD, { Owner: 'anna', Description: 'nights' }), ok);
  expect(asked[1]).toMatchObject({
    DatabaseName: 'health',
    VersionId: '7',
    SkipArchive: true,
    TableInput: {
      Name: 'days',
      Owner: 'anna',
      Description: 'nights',
      Parameters: { table_type: 'ICEBERG', metadata_location: OURS, previous_metadata_location: OLD },
    },
  });
});

test('somebody who turned it earlier, or between the two calls, is a conflict', async () => {
  const conflict = { code: 'commit_conflict' };
  await expect(turned(points(THEIRS))).rejects.toMatchObject(conflict);
  const refused = refuses(400, 'ConcurrentModificationException');
  await expect(turned(points(OLD), refused, points(THEIRS))).rejects.toMatchObject(conflict);
  await expect(turned(refuses(400, 'EntityNotFoundException'))).rejects.toMatchObject(conflict);
});

test('a commit whose answer was lost is seen to be done', async () => {
  await turned(points(OLD), refuses(400, 'ConcurrentModificationException'), points(OURS));
  await turned(points(OLD), refuses(500, 'InternalServiceException'), points(OURS));
});

test('a commit that failed for another reason says which', async () => {
  const denied = turned(points(OLD), refuses(400, 'AccessDeniedException'), points(OLD));
  await expect(denied).rejects.toMatchObject({ code: 'storage_denied' });
  const failed = turned(points(OLD), refuses(500, 'InternalServiceException'), points(OLD));
  await expect(failed).rejects.toMatchObject({ code: 'storage_failed' });
});
