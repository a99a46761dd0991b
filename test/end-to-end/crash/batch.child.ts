import { readdirSync } from 'node:fs';
import { transform } from '../../../app/transform.ts';
import { withRuntime } from './household.ts';
import { watchOperations } from './operations.ts';
import { POINTS } from './points.ts';

/** Runs the batch of a data directory and kills itself with SIGKILL at the step or point named in the arguments. */
const [dataDir = '', shiftMs = '0', fatal = ''] = process.argv.slice(2);
const point = POINTS[fatal];
let met = 0;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Looks as often as it can whether DuckDB, which writes on threads of its own, has begun a file. */
function dieOnceThereIsAFile(folder: string): void {
  const isThere = readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.parquet'));
  if (isThere) die();
  setImmediate(dieOnceThereIsAFile, folder);
}

watchOperations((when, operation, paths) => {
  if (point === undefined || operation !== point.operation || !point.paths.test(paths)) return;
  if (when !== (point.when === 'before' ? 'before' : 'after')) return;
  met += 1;
  if (met !== (point.occurrence ?? 1)) return;
  if (point.when === 'once a file is there') dieOnceThereIsAFile(paths);
  else die();
});

await withRuntime(dataDir, Number(shiftMs), async (runtime) => {
  await transform(runtime, { onStep: (step) => step === fatal && die() });
});
