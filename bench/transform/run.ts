import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { startRecorder } from '../../test/support/rights/recorder.ts';
import type { Moto } from '../../test/support/moto.ts';

const CHILD = fileURLToPath(new URL('../transform.child.mjs', import.meta.url));
/** DuckDB in a bundle is that of Lambda's machines: this machine's own is found here. */
const NODE_PATH = fileURLToPath(new URL('../../node_modules', import.meta.url));
const execute = promisify(execFile);

const measured = z.object({
  seconds: z.number(),
  processorSeconds: z.number(),
  peakMb: z.number(),
  value: z.object({ outcome: z.literal('published'), objects: z.number(), tables: z.record(z.string(), z.number()) }),
});

/** One run: what it answered, what it took, and what it asked AWS for, by kind of request. */
export interface Ran extends z.output<typeof measured> {
  readonly requests: Readonly<Record<string, number>>;
}

/** Where requests are billed: S3 by what they do, the others by the service. */
function kindOf(operation: string): string {
  const [service = '', name = ''] = operation.split(':');
  if (service !== 's3') return service;
  return /^(Put|List|Copy)/.test(name) ? 's3 writes' : name.startsWith('Delete') ? 's3 deletes' : 's3 reads';
}

/** Runs the bundle of `transform` once, in a new process; throws unless it published. */
export async function runOnce(moto: Moto, out: string, variables: Readonly<Record<string, string>>): Promise<Ran> {
  const recorder = await startRecorder(moto.url);
  try {
    const env = { NODE_PATH, ...variables, AWS_ENDPOINT_URL: recorder.url };
    const file = pathToFileURL(join(out, 'transform', 'index.mjs')).href;
    const { stdout } = await execute(process.execPath, [CHILD, file], { env, maxBuffer: 64_000_000 });
    const said = stdout.split('\n').find((line) => line.startsWith('=> '));
    const requests: Record<string, number> = {};
    for (const { operation } of recorder.asked) {
      const kind = kindOf(operation);
      requests[kind] = (requests[kind] ?? 0) + 1;
    }
    return { ...measured.parse(JSON.parse(said?.slice(3) ?? 'null')), requests };
  } finally {
    await recorder.stop();
  }
}
