import { createFsObjects } from '../../../ports/objects/fs.ts';
import { watchedFiles } from '../../support/files.ts';

/** Puts objects and prints each acknowledged key, until it kills itself right after the named step of the third one. */
const [root = '', fatal = ''] = process.argv.slice(2);
let number = 0;

const files = watchedFiles({
  after: (step) => {
    if (number === 3 && step === fatal) process.kill(process.pid, 'SIGKILL');
  },
});
const objects = createFsObjects({ root, files });

for (number = 1; number <= 5; number += 1) {
  // A new folder each time: its making is one of the steps.
  const key = `raw/2026-11-${20 + number}/garmin/a_x/dailies-${number}.json`;
  await objects.putIfAbsent(key, new TextEncoder().encode(`{"number":${number}}`.repeat(1000)));
  process.stdout.write(`${key}\n`);
}
