import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import * as z from 'zod';
import { populate } from './people/populate.ts';
import { whole } from './people/whole.ts';

// npm run bench:rebuild -- --people 1000 --days 365 --data-dir DIR: makes these people's raw objects unless they are there, then every table
// from raw, then again from the documents the engine kept, beside bare DuckDB over the same bytes. Each in a process of its own.

const CHILD = fileURLToPath(new URL('rebuild.child.ts', import.meta.url));
const measured = z.object({ payloads: z.number(), seconds: z.number(), peakMb: z.number() });
const run = promisify(execFile);

async function measure(what: 'bare' | 'rebuild', dataDir: string): Promise<z.infer<typeof measured>> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', CHILD, what, dataDir], { maxBuffer: 64_000_000 });
  return measured.parse(JSON.parse(stdout));
}

const options = new Command('bench:rebuild')
  .requiredOption(
    '--data-dir <dir>',
    'where the raw objects are or are to be; the tables are made in its folder bench/',
  )
  .option('--people <n>', 'how many', whole, 10)
  .option('--days <n>', 'how long', whole, 365)
  .option('--until <day>', 'the last of the days', '2026-06-30')
  .option('--seed <text>', 'another seed, other people', 'people')
  .parse()
  .opts<{ readonly dataDir: string; readonly people: number; readonly days: number; until: string; seed: string }>();

const { dataDir, ...wanted } = options;
const { objects, bytes } = await populate(dataDir, wanted);
process.stdout.write(
  `${wanted.people} people, ${wanted.days} days: ${objects} payloads, ${(bytes / 1e6).toFixed(0)} MB\n`,
);
const say = (name: string, { payloads, seconds, peakMb }: z.infer<typeof measured>): void => {
  const rate = (payloads / seconds).toFixed(0);
  process.stdout.write(
    `${name}: ${payloads} payloads, ${seconds.toFixed(1)} s, ${rate}/s, peak ${peakMb.toFixed(0)} MB\n`,
  );
};
const bare = await measure('bare', dataDir);
say('bare DuckDB, JSON to Parquet', bare);
const fromRaw = await measure('rebuild', dataDir);
say('rebuild from raw', fromRaw);
const fromKept = await measure('rebuild', dataDir);
say('rebuild from kept documents', fromKept);
const times = ({ seconds }: typeof bare): string => (seconds / bare.seconds).toFixed(1);
process.stdout.write(`times bare DuckDB: ${times(fromRaw)} from raw, ${times(fromKept)} from kept documents\n`);
