import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { killAround } from './kills.ts';

/** `npm run test:crash -- --kills 100`: what they led to, exit 1 when a promise was broken. `--seed` draws other moments, `--verbose` names them. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = createSystemClock();
const startedMs = clock.now();
const directory = makeDirectory();
try {
  const { kills: count, seed, verbose } = values;
  const report = await killAround({
    directory: join(directory, 'data'),
    kills: Number(count),
    seed,
    ...(verbose && { say }),
  });
  const { kills, met, presentations, reconnects, sweeps, problems } = report;
  const seconds = Math.round((clock.now() - startedMs) / 1000);
  const moments = Object.entries(met).map(([errand, times]) => `${errand} ${times}`);
  say(`${kills} kills in ${seconds} s, at the moment drawn: ${moments.join(', ')}`);
  say(
    `${presentations} refresh tokens presented, ${reconnects} grants ended by a lost answer, ${sweeps} sweeps to the end`,
  );
  for (const problem of problems) say(`  ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  removeDirectory(directory);
}
