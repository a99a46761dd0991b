import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { build } from '../test/support/lambda.ts';
import { hasMoto } from '../test/support/moto.ts';
import { bareSpark } from './engines/bare-spark.ts';
import { openCloud } from './engines/cloud.ts';
import { duckdb } from './engines/duckdb.ts';
import type { Engine, Given } from './engines/engine.ts';
import { local } from './engines/local.ts';
import { small } from './engines/small.ts';
import { spark } from './engines/spark.ts';
import { type Row, tableOf } from './engines/table.ts';
import { take } from './engines/taken.ts';
import { whole } from './people/whole.ts';

// npm run bench:engines -- --batches 20,2000,200000: what the first batch of an empty stack takes with each engine, beside bare DuckDB and bare
// Spark that read the same objects in the same run. Everything is measured with all it starts, from its start to its end.

const engines: Readonly<Record<string, Engine>> = { local, small, spark };
/** In the order of their rows: each behind what it is compared with. */
const ORDER = [duckdb, local, small, bareSpark, spark];

function engineOf(name: string): Engine {
  const engine = engines[name];
  if (engine !== undefined) return engine;
  throw new InvalidArgumentError(`It is not one of ${Object.keys(engines).join(', ')}.`);
}

const { dataDir, ...options } = new Command('bench:engines')
  .option('--batches <list>', 'how many objects each', (text) => text.split(',').map(whole), [20, 2000])
  .option('--engines <list>', 'local, small, spark; the bare one of each comes with it', (text) =>
    text.split(',').map(engineOf),
  )
  .option('--data-dir <dir>', 'objects come to lie in its folder engines/ and stay; elsewhere and removed when absent')
  .option('--most-minutes <n>', 'how long a process may take', whole, 120)
  .parse()
  .opts<{ batches: number[]; engines?: Engine[]; mostMinutes: number; dataDir?: string }>();

const say = (text: string): void => void process.stderr.write(text);
if (process.platform !== 'linux') {
  say(
    'needs_linux: processes are measured by what Linux tells of them in /proc.\nRun it on Linux, or in a container.\n',
  );
  process.exit(2);
}
const asked = options.engines ?? Object.values(engines);
const isWanted = (one: Engine): boolean => asked.some((engine) => engine === one || engine.bare === one);
const wanted = ORDER.filter(isWanted);
const isInCloud = wanted.some((one) => one === small || one === spark);
const place = mkdtempSync(path.join(tmpdir(), 'wellspring-bench-'));
const objects = path.join(dataDir ?? place, 'engines');

// A terminal ends this process alone: what it measures has a session of its own.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(place, { recursive: true, force: true }));

async function measure(engine: Engine, given: Omit<Given, 'scratch'>): Promise<Row> {
  const lacks = engine.lacks();
  if (lacks !== undefined) return { engine, result: { why: lacks, refused: false } };
  const scratch = path.join(place, 'scratch');
  mkdirSync(scratch, { recursive: true });
  say(`${given.taken.keys.length} objects: ${engine.name} … `);
  try {
    const result = await engine.run({ ...given, scratch });
    say('why' in result ? `${result.why}\n` : `${result.cost.seconds.toFixed(1)} s\n`);
    return { engine, result };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const isBroken = ({ result }: Row): boolean => 'why' in result && !result.refused;

const bundles = isInCloud && hasMoto ? await build('transform') : undefined;
try {
  for (const count of options.batches) {
    say(`${count} objects: they are made and stored …\n`);
    const taken = await take(path.join(objects, String(count)), count);
    const cloud = bundles === undefined ? undefined : await openCloud(bundles.out, taken);
    try {
      const rows: Row[] = [];
      for (const engine of wanted) {
        rows.push(await measure(engine, { taken, cloud, mostSeconds: options.mostMinutes * 60 }));
      }
      process.stdout.write(`${tableOf(taken, rows)}\n`);
      if (rows.some(isBroken)) process.exitCode = 1;
    } finally {
      await cloud?.stop();
    }
  }
  process.stdout.write(
    `Rows are the records there are to read. Seconds, processor and memory are of all processes of an engine, from its start to its end. ` +
      `small and spark wait for the process that plays S3 and Glue on the same machine; it is not counted.\n` +
      `x bare: seconds, and seconds of processor, as a multiple of bare DuckDB (local, small) or bare Spark (spark) in this run. ` +
      `$: list price of computing for so many seconds in a stack (spark: two workers); requests and storage come to both alike.\n`,
  );
} finally {
  await bundles?.remove();
}
