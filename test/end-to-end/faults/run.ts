import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readFaults } from '../../../local/sandbox/fault.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { runSeed } from './seed.ts';

/**
 * `npm run test:faults -- --seeds 10`: for each seed a demo without faults and one with all that pass; exit 1 when their tables differ, when
 * they are not true, or when a fault was met in none. `--seed 7` replays one; `--people` and `--days` set its size.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    people: { type: 'string', default: '2' },
    days: { type: 'string', default: '30' },
  },
});

const SHOWN = 12;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const MET = 'met: ';

async function one(seed: string): Promise<boolean> {
  const clock = createSystemClock();
  const startedMs = clock.now();
  const scale = { people: Number(values.people), days: Number(values.days) };
  const { met, values: told, problems } = await runSeed(seed, scale);
  const same = problems.length === 0;
  const seconds = Math.round((clock.now() - startedMs) / 1000);
  const faults = Object.values(met).reduce((sum, times) => sum + times, 0);
  say(`seed ${seed}: ${faults} faults, ${told} values known, ${seconds} s: ${same ? 'identical' : 'DIFFERENT'}`);
  if (!same) say(`  again: npm run test:faults -- --seed ${seed} --people ${scale.people} --days ${scale.days}`);
  for (const problem of problems.slice(0, SHOWN)) say(`  ${problem}`);
  if (problems.length > SHOWN) say(`  … ${problems.length} in all`);
  say(`${MET}${JSON.stringify(met)}`);
  return same;
}

/** In a process of its own: one seed leaves a part of the machine idle. Answers what it met; undefined when it failed. */
async function apart(seed: string, met: Map<string, number>): Promise<boolean> {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), ...process.argv.slice(2), '--seed', seed];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code]: unknown[] = await once(child, 'close');
  for (const line of text.split('\n')) {
    if (!line.startsWith(MET)) {
      if (line !== '') say(line);
      continue;
    }
    const counts: Readonly<Record<string, number>> = JSON.parse(line.slice(MET.length));
    for (const [name, times] of Object.entries(counts)) met.set(name, (met.get(name) ?? 0) + times);
  }
  return code === 0;
}

async function all(count: number): Promise<boolean> {
  const waiting = Array.from({ length: count }, (_, at) => String(at + 1));
  const met = new Map<string, number>();
  let [passed, failed] = [0, 0];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      if (await apart(seed, met)) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
  const names = readFaults('all') ?? [];
  const never = names.filter((name) => !met.has(name));
  say(`faults met: ${names.map((name) => `${name} ${met.get(name) ?? 0}`).join(', ')}`);
  if (never.length > 0) say(`NEVER MET: ${never.join(', ')}`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 && never.length === 0;
}

const well = values.seed === undefined ? await all(Number(values.seeds)) : await one(values.seed);
process.exitCode = well ? 0 : 1;
