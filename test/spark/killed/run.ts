import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { killJobs } from './kills.ts';

/** `npm run test:killed-jobs -- --kills 100`: what they led to, exit 1 when a reader saw what was never published or the tables differ. */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const clock = createSystemClock();
const startedMs = clock.now();
const directory = makeDirectory();
try {
  const { kills, late, changes, reads, problems } = await killJobs({
    directory: path.join(directory, 'killed'),
    kills: Number(values.kills),
    seed: values.seed,
  });
  const seconds = Math.round((clock.now() - startedMs) / 1000);
  process.stdout.write(
    `${kills} kills (${late} runs over before) of ${changes} changes in ${seconds} s; a reader read all tables ${reads} times: ${problems.length === 0 ? 'identical' : 'DIFFERENT'}\n`,
  );
  for (const problem of problems.slice(0, 20)) process.stdout.write(`  ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  removeDirectory(directory);
}
