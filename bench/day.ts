import path from 'node:path';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Command } from 'commander';
import { measure, type Cost } from './lake/work.ts';
import { populate } from './people/populate.ts';
import { whole } from './people/whole.ts';

// npm run bench:day -- --people 100 --days 365: what one more day of everybody costs beside making all tables anew, in one run, each in a
// process of its own, which is counted with its start.

const LAKE = 'day';
const DAY_MS = 86_400_000;
/** Of the dates on which something came the last but this many is the last new day: what came after it is left out. */
const AFTER = 3;

const { people, days, more, dataDir } = new Command('bench:day')
  .option('--people <n>', 'how many', whole, 20)
  .option('--days <n>', 'how long their past is', whole, 120)
  .option('--more <n>', 'how many days more, one after the other', whole, 1)
  .option(
    '--data-dir <dir>',
    'where raw objects are or are to be; the tables are made in its folder bench/day/, anew each time; removed again when absent',
  )
  .parse()
  .opts<{ readonly people: number; readonly days: number; readonly more: number; readonly dataDir?: string }>();

const place = mkdtempSync(path.join(tmpdir(), 'wellspring-bench-'));
const data = dataDir ?? place;

const told = ({ payloads, processorSeconds, seconds, peakMb }: Cost): string =>
  `${payloads} objects, ${processorSeconds.toFixed(1)} s of processor (${seconds.toFixed(1)} s), ${peakMb.toFixed(0)} MB at most`;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  await populate(data, { seed: 'people', people, days, until: '2026-06-30' });
  const dates = readdirSync(path.join(data, 'raw')).toSorted();
  const added = dates.slice(-AFTER - more, -AFTER);
  rmSync(path.join(data, 'bench', LAKE), { recursive: true, force: true });
  const [before] = added;
  if (before === undefined) throw new Error('There are not so many days.');
  const past = await measure({ what: 'rebuild', dataDir: data, lake: LAKE, before, nowMs: Date.parse(before) });
  say(`${people} people, ${dates.length} days, all tables from nothing: ${told(past)}`);
  for (const day of added) {
    const one = await measure({ what: 'day', dataDir: data, lake: LAKE, day, nowMs: Date.parse(day) + DAY_MS });
    say(
      `${day} more: ${told(one)}: ${(past.processorSeconds / one.processorSeconds).toFixed(1)} times less processor time`,
    );
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
