import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

/** What one process does with the raw objects of a data directory, and where below its folder bench/ the tables are. */
export interface Work {
  readonly what: 'bare' | 'rebuild' | 'day';
  readonly dataDir: string;
  readonly lake: string;
  /** A rebuild takes what came before this date alone. */
  readonly before?: string;
  /** The date a batch takes. */
  readonly day?: string;
}

const cost = z.object({ payloads: z.number(), seconds: z.number(), processorSeconds: z.number(), peakMb: z.number() });

/** What one process took, its start included in processor seconds and memory. */
export type Cost = z.infer<typeof cost>;

const CHILD = fileURLToPath(new URL('lake.child.ts', import.meta.url));
const run = promisify(execFile);

/** Does it in a process of its own. */
export async function measure(work: Work): Promise<Cost> {
  const words = ['--import', 'tsx', CHILD, JSON.stringify(work)];
  const { stdout } = await run(process.execPath, words, { maxBuffer: 64_000_000 });
  return cost.parse(JSON.parse(stdout));
}
