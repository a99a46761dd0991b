import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from './directory.ts';

export interface Kills {
  readonly directory: string;
  readonly kills: number;
  readonly seed: string;
}

/**
 * What `npm run` does with `--kills 100 --seed 1`: kills in a directory of its own, says in words what that led to in so many seconds and whether
 * anything was wrong, then each problem; exit 1 when there is one.
 */
export async function runKills<Report extends { readonly problems: readonly string[] }>(
  kill: (kills: Kills) => Promise<Report>,
  words: (report: Report, seconds: number) => string,
): Promise<void> {
  const { values } = parseArgs({
    options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
  });
  const clock = createSystemClock();
  const startedMs = clock.now();
  const directory = makeDirectory();
  try {
    const report = await kill({
      directory: path.join(directory, 'killed'),
      kills: Number(values.kills),
      seed: values.seed,
    });
    const seconds = Math.round((clock.now() - startedMs) / 1000);
    const isSound = report.problems.length === 0;
    process.stdout.write(`${words(report, seconds)}: ${isSound ? 'identical' : 'DIFFERENT'}\n`);
    for (const problem of report.problems) process.stdout.write(`  ${problem}\n`);
    process.exitCode = isSound ? 0 : 1;
  } finally {
    removeDirectory(directory);
  }
}
