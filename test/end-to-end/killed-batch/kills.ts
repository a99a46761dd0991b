import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { populate } from '../../../bench/people/populate.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { differences } from '../order/differences.ts';
import { keysIn, openEngine, takeIn } from './lake.ts';

const read = z.object({ reads: z.number(), batches: z.number(), problems: z.array(z.string()) });

export interface KilledReport extends z.infer<typeof read> {
  readonly kills: number;
  /** Batches that were killed in vain: they were done already. */
  readonly late: number;
}

const PEOPLE = 2;
const DAYS = 12;
/** Of the dates on which something came, this many are batches of their own. */
const BATCHES = 8;

interface Started {
  readonly child: ChildProcess;
  readonly line: () => Promise<string>;
}

function start(file: string, args: readonly string[]): Started {
  const command = ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url)), ...args];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

/**
 * Makes batches of made-up people day by day while somebody reads, kills each so often at moments drawn from its whole length, and lets it end then.
 * Compares with batches nobody disturbed.
 */
export async function killBatches(options: {
  readonly directory: string;
  readonly kills: number;
  readonly seed: string;
}): Promise<KilledReport> {
  const chance = createChance(`killed batches ${options.seed}`);
  const made = (name: string): string => {
    const directory = path.join(options.directory, name, 'lake');
    mkdirSync(directory, { recursive: true });
    return directory;
  };
  const [data, calm, lake] = [made('data'), made('calm'), made('lake')];
  await populate(data, { seed: options.seed, people: PEOPLE, days: DAYS, until: '2026-06-30' });
  const dates = [...new Set(keysIn(data).map((key) => key.slice(4, 14)))].slice(-BATCHES);
  const undisturbed = openEngine(calm);
  const lengths: number[] = [];
  for (const [at, date] of dates.entries()) {
    const startedMs = performance.now();
    await takeIn(undisturbed, data, date, `b_calm_${at}`);
    lengths.push(performance.now() - startedMs);
  }
  await undisturbed.close();
  const reader = start('reader.child.ts', [lake]);
  let [kills, late] = [0, 0];
  for (const [at, date] of dates.entries()) {
    const share = Math.ceil((options.kills - kills) / (dates.length - at));
    for (let n = 0; n < share; n += 1) {
      const { child, line } = start('batch.child.ts', [lake, data, date, `b_killed_${at}_${n}`]);
      const ended = once(child, 'exit');
      await line();
      // A process of its own is slower than the one that was measured.
      await wait(chance.next() * 1.5 * (lengths[at] ?? 0));
      if (!child.kill('SIGKILL')) late += 1;
      await ended;
      kills += 1;
    }
    const last = start('batch.child.ts', [lake, data, date, `b_whole_${at}`]);
    await once(last.child, 'exit');
  }
  reader.child.stdin?.write('stop\n');
  const seen = read.parse(JSON.parse(await reader.line()));
  const found = await differences(calm, lake, 'same raw');
  return { ...seen, kills, late, problems: [...seen.problems, ...found] };
}
