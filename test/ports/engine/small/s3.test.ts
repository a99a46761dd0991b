import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { onTestFinished, expect, test, vi } from 'vitest';
import { createS3Place } from '../../../../ports/engine/small/s3.ts';
import { gathered } from '../../../../ports/engine/lines.ts';
import { temporaryDirectory } from '../../../support/directory.ts';

/** The lake in a bucket that answers so. */
async function placeWith(answer: RequestListener) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'made-up');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'made-up');
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return createS3Place({ bucket: 'b', connection: { region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` } });
}

test('a file is sent again, whole, after an answer that asks for it', async () => {
  const came: string[] = [];
  const place = await placeWith((request, response) => {
    const blocks: Buffer[] = [];
    request.on('data', (block: Buffer) => blocks.push(block));
    request.on('end', () => {
      came.push(Buffer.concat(blocks).toString());
      response.writeHead(came.length === 1 ? 503 : 200);
      response.end(came.length === 1 ? '<Error><Code>SlowDown</Code><Message>x</Message></Error>' : '');
    });
  });
  const file = path.join(temporaryDirectory(), 'lines.ndjson');
  writeFileSync(file, '{"a":1}\n');
  await place.put(file, 'runs/b_1/taken.ndjson');
  expect(came).toHaveLength(2);
  expect(came.every((text) => text.includes('{"a":1}\n'))).toBe(true);
});

test('what breaks off while it is read is told as a refusal of the storage', async () => {
  const place = await placeWith((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"a":1}\n', () => response.destroy());
  });
  const blocks = await place.stream('runs/b_1/taken.ndjson');
  if (blocks === undefined) throw new Error('There is an answer.');
  await expect(gathered(blocks)).rejects.toMatchObject({ code: 'storage_failed' });
});
