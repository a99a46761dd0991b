import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

export const work = z.object({
  what: z.enum(['bare', 'rebuild', 'day']),
  dataDir: z.string(),
  /** The folder of bench/ the tables are in. */
  lake: z.string(),
  /** A rebuild takes what came before this date alone. */
  before: z.string().optional(),
  /** The date a batch takes. */
  day: z.string().optional(),
  /** When it is done, in Unix ms; now when absent. What is of late then is in files of ten days. */
  nowMs: z.number().optional(),
});

/** What one process does with the raw objects of a data directory. */
export type Work = z.infer<typeof work>;

const cost = z.object({ payloads: z.number(), seconds: z.number(), processorSeconds: z.number(), peakMb: z.number() });

/** What one process took, its start included in processor seconds and memory. */
export type Cost = z.infer<typeof cost>;

const CHILD = fileURLToPath(new URL('lake.child.ts', import.meta.url));
const run = promisify(execFile);

/** Does it in a process of its own. */
export async function measure(asked: Work): Promise<Cost> {
  const words = ['--import', 'tsx', CHILD, JSON.stringify(asked)];
  const { stdout } = await run(process.execPath, words, { maxBuffer: 64_000_000 });
  return cost.parse(JSON.parse(stdout));
}
