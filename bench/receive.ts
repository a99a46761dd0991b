import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { build, request } from '../test/support/lambda.ts';
import { startSmallAws } from '../test/support/small-aws.ts';

// npm run bench:receive: how long the first delivery of a new process of `receive` takes, beside a bundle that does nothing, in turn on the same
// machine. AWS answers at once here: what is measured is the program. Fresh processes, medians; the first of each warms the disk and is left out.

const RUNS = 21;
const GOAL = { bytes: 500_000, ms: 300 };
const CHILD = fileURLToPath(new URL('receive.child.mjs', import.meta.url));
const EMPTY = 'export const handler = async () => ({ statusCode: 401 });\n';

const measured = z.object({ importMs: z.number(), requestMs: z.number(), statusCode: z.literal(401) });
const run = promisify(execFile);

async function measure(file: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const event = JSON.stringify(request('POST', '/webhooks/garmin/k.wrong', { body: '{}' }));
  const { stdout } = await run(process.execPath, [CHILD, pathToFileURL(file).href, event], { env: environment });
  const said = stdout.split('\n').find((line) => line.startsWith('=> '));
  const { importMs, requestMs } = measured.parse(JSON.parse(said?.slice(3) ?? 'null'));
  return importMs + requestMs;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const bundles = await build('receive');
const aws = await startSmallAws({ ingest: 'a-made-up-secret', clients: '{}' });
const environment = {
  RAW_BUCKET: 'raw',
  BUS: 'bus',
  INGEST_SECRET: 'ingest',
  CLIENT_SECRETS: 'clients',
  CLIENT_IDS: '{}',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'made-up',
  AWS_SECRET_ACCESS_KEY: 'made-up',
  AWS_ENDPOINT_URL: aws.url,
};
const full = join(bundles.out, 'receive', 'index.mjs');
const empty = join(bundles.out, 'empty', 'index.mjs');
await mkdir(join(bundles.out, 'empty'));
await writeFile(empty, EMPTY);

const times: { full: number[]; empty: number[] } = { full: [], empty: [] };
for (let turn = 0; turn <= RUNS; turn += 1) {
  const [one, other] = [await measure(full, environment), await measure(empty, environment)];
  if (turn === 0) continue;
  times.full.push(one);
  times.empty.push(other);
}
const code = await readFile(full);
const [ms, emptyMs] = [median(times.full), median(times.empty)];
process.stdout.write(
  `receive: ${code.length} bytes minified (goal ${GOAL.bytes}), ${gzipSync(code).length} gzipped\n` +
    `cold import and first request: ${ms.toFixed(0)} ms (goal ${GOAL.ms}); an empty bundle: ${emptyMs.toFixed(1)} ms; ` +
    `${(ms / emptyMs).toFixed(0)} times as long; medians of ${RUNS}\n`,
);
await aws.stop();
await rm(bundles.out, { recursive: true });
if (code.length > GOAL.bytes) process.exitCode = 1;
