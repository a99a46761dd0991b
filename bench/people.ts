import { Command } from 'commander';
import { WellspringError } from '../app/errors.ts';
import { showProgress } from '../local/demo/progress.ts';
import { createSystemClock } from '../ports/clock/system.ts';
import { populate } from './people/populate.ts';
import { whole } from './people/whole.ts';

// npm run bench:people -- --people 1000 --days 365 --data-dir DIR: the raw objects of made-up people, from the seed alone, for the other
// benchmarks and for whoever wants to see how far it goes. Stopped and started again it goes on where it was.

const command = new Command('bench:people')
  .requiredOption('--data-dir <dir>', 'where; raw/ is made in it')
  .option('--people <n>', 'how many', whole, 1000)
  .option('--days <n>', 'how long', whole, 365)
  .option('--until <day>', 'the last of the days', '2026-06-30')
  .option('--seed <text>', 'another seed, other people', 'people')
  .parse();
const { dataDir, ...wanted } = command.opts<{
  readonly dataDir: string;
  readonly people: number;
  readonly days: number;
  readonly until: string;
  readonly seed: string;
}>();

const clock = createSystemClock();
const startedMs = clock.now();
const households = Math.ceil(wanted.people / 2);
const bar = showProgress('Households', households, process.stderr.isTTY, clock);
try {
  const { objects, bytes } = await populate(dataDir, wanted, bar.step);
  bar.stop();
  const seconds = (clock.now() - startedMs) / 1000;
  process.stdout.write(
    `${wanted.people} people, ${wanted.days} days: ${objects} objects, ${(bytes / 1e6).toFixed(0)} MB, ${seconds.toFixed(1)} s\n`,
  );
} catch (error) {
  bar.stop();
  if (!(error instanceof WellspringError)) throw error;
  process.stderr.write(`${error.message} ${error.detail ?? ''}\n${error.remedy}\n`);
  process.exitCode = error.exit;
}
