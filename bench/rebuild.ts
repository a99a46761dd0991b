import { rmSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { measure, type Cost } from './lake/work.ts';
import { populate } from './people/populate.ts';
import { whole } from './people/whole.ts';

// npm run bench:rebuild -- --people 1000 --days 365 --data-dir DIR: makes these people's raw objects unless they are there, then every table
// from raw, then again from the documents the engine kept, beside bare DuckDB over the same bytes. Each in a process of its own.

const LAKE = 'rebuild';

const options = new Command('bench:rebuild')
  .requiredOption(
    '--data-dir <dir>',
    'where the raw objects are or are to be; the tables are made in its folder bench/rebuild/, anew each time',
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
const say = (name: string, { payloads, seconds, processorSeconds, peakMb }: Cost): void => {
  process.stdout.write(
    `${name}: ${payloads} payloads, ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor), ` +
      `${(payloads / seconds).toFixed(0)}/s, peak ${peakMb.toFixed(0)} MB\n`,
  );
};
rmSync(path.join(dataDir, 'bench', LAKE), { recursive: true, force: true });
const bare = await measure({ what: 'bare', dataDir, lake: LAKE });
say('bare DuckDB, JSON to Parquet', bare);
const fromRaw = await measure({ what: 'rebuild', dataDir, lake: LAKE });
say('rebuild from raw', fromRaw);
const fromKept = await measure({ what: 'rebuild', dataDir, lake: LAKE });
say('rebuild from kept documents', fromKept);
const times = ({ processorSeconds }: Cost): string => (processorSeconds / bare.processorSeconds).toFixed(1);
process.stdout.write(
  `times the processor time of bare DuckDB: ${times(fromRaw)} from raw, ${times(fromKept)} from kept documents\n`,
);
