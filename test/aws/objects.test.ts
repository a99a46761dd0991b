// The real program on one machine with its raw objects in S3. moto enforces no right; docs/data-directory.md names those S3 wants.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { onAws } from '../support/aws.ts';
import { makeBucket, s3Client } from '../support/aws-made.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { keysOf } from '../support/door.ts';
import { startProgram } from '../support/program.ts';

const rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });
const linked = z.object({ webhook_url: z.string() });

/** 4 March 2026 in Paris, with 9,240 steps. */
const dailies = [
  {
    userId: 'g-1',
    summaryId: 'x-1',
    calendarDate: '2026-03-04',
    startTimeInSeconds: Date.UTC(2026, 2, 3, 23) / 1000,
    startTimeOffsetInSeconds: 3600,
    durationInSeconds: 86_400,
    steps: 9240,
  },
];

onAws((aws) => {
  async function open() {
    const { connection } = aws;
    const bucket = await makeBucket(connection);
    const home = temporaryDirectory();
    const credentials = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
    const environment = {
      ...Object.fromEntries(credentials),
      ...(connection.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: connection.endpoint }),
      ...(connection.region === undefined ? {} : { AWS_REGION: connection.region }),
      WELLSPRING_OBJECTS: `s3://${bucket}/homes/anna`,
    };
    const start = (words: readonly string[], more = {}) => startProgram(words, { ...environment, ...more }, home);
    return {
      home,
      start,
      objects: createS3Objects({ bucket, prefix: 'homes/anna/', connection }),
      run: async (...words: string[]) => {
        const ran = await start(words).ended;
        expect(ran.code, ran.err).toBe(0);
        return ran.out;
      },
      json: async (...words: string[]): Promise<unknown> => {
        const ran = await start([...words, '--json']).ended;
        expect(ran.code, ran.err).toBe(0);
        return JSON.parse(ran.out);
      },
      left: async () => {
        const found = await s3Client(connection).send(new ListObjectVersionsCommand({ Bucket: bucket }));
        return [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])].map(({ Key }) => Key);
      },
    };
  }

  test('what is received lies in the bucket alone, becomes tables, is rebuilt, exported and forgotten from there', async () => {
    const { home, start, run, json, objects, left } = await open();
    await run('user', 'add', 'Anna');
    const { webhook_url } = linked.parse(await json('link', 'garmin', '--user', 'Anna', '--external-id', 'g-1'));
    const server = start(['serve', '--port', '0']);
    const [address = ''] = await server.until(/http:\/\/127\.0\.0\.1:\d+/);
    const { pathname } = new URL(webhook_url);
    // A door that is asked while everything is slow says 503, and senders repeat what was not acknowledged.
    const push = async (): Promise<number> => {
      const { status } = await fetch(`${address}${pathname}`, { method: 'POST', body: JSON.stringify({ dailies }) });
      return status === 503 ? push() : status;
    };
    expect([await push(), await push()]).toEqual([200, 200]);
    server.signal('SIGINT');
    expect((await server.ended).code).toBe(0);

    const keys = await keysOf(objects, 'raw/');
    expect(keys.filter((key) => key.includes('/garmin/'))).toHaveLength(1);
    expect(existsSync(join(home, '.wellspring', 'raw'))).toBe(false);
    const steps = ['query', "select value from daily_metrics where metric = 'steps'"];
    await run('process');
    expect(rows.parse(await json(...steps)).rows).toEqual([{ value: 9240 }]);
    await run('rebuild');
    expect(rows.parse(await json(...steps)).rows).toEqual([{ value: 9240 }]);

    await run('export', '--user', 'Anna', '--out', 'anna.zip');
    const names = Object.keys(unzipSync(readFileSync(join(home, 'anna.zip'))));
    expect(names.filter((name) => keys.some((key) => name.endsWith(key)))).toHaveLength(keys.length);

    await run('forget', '--user', 'Anna', '--yes');
    expect(await left()).toEqual([]);
    expect(rows.parse(await json(...steps)).rows).toEqual([]);
  });

  test('a bucket that is not there is said in a sentence with a way out, and nothing is acknowledged', async () => {
    const { start } = await open();
    const failed = await start(['process'], { WELLSPRING_OBJECTS: 's3://wellspring-test-none-at-all' }).ended;
    expect(failed.code).not.toBe(0);
    expect(failed.err).toContain('Listing objects failed: NoSuchBucket (404).');
    expect(failed.err).not.toMatch(/\n\s+at /);
  });
});
