import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { runSeed, type Scale } from './seed.ts';

/**
 * `npm run test:order -- --seeds 20`: a line per seed, exit 1 when one of them leads to other tables.
 * `--seed 7` replays one; `--people` and `--days` set its size.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    people: { type: 'string' },
    days: { type: 'string' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const replay = (seed: string, { people, days }: Scale): string =>
  `npm run test:order -- --seed ${seed} --people ${people} --days ${days}`;

async function one(seed: string): Promise<boolean> {
  const clock = createSystemClock();
  const startedMs = clock.now();
  const scale = {
    ...(values.people === undefined ? {} : { people: Number(values.people) }),
    ...(values.days === undefined ? {} : { days: Number(values.days) }),
  };
  const report = await runSeed(seed, scale);
  const seconds = Math.round((clock.now() - startedMs) / 1000);
  const did = `${report.statements} deliveries, ${report.sendings} sendings on ${report.ways} ways, ${report.batches} batches`;
  const same = report.problems.length === 0;
  say(`seed ${seed}: ${did}, ${seconds} s: ${same ? 'identical' : 'DIFFERENT'}`);
  for (const problem of report.problems) say(`  ${problem}`);
  if (!same) say(`  again: ${replay(seed, report.scale)}`);
  return same;
}

/** In a process of its own: one seed leaves a part of the machine idle. */
async function apart(seed: string): Promise<boolean> {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), ...process.argv.slice(2), '--seed', seed];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code]: unknown[] = await once(child, 'exit');
  return code === 0;
}

async function all(count: number): Promise<boolean> {
  const waiting = Array.from({ length: count }, (_, at) => String(at + 1));
  let [passed, failed] = [0, 0];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      if (await apart(seed)) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

const well = values.seed === undefined ? await all(Number(values.seeds)) : await one(values.seed);
process.exitCode = well ? 0 : 1;
