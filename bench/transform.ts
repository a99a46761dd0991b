import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { build } from '../test/support/lambda.ts';
import { startMoto } from '../test/support/moto.ts';
import { measure } from './lake/work.ts';
import { populate } from './people/populate.ts';
import { whole } from './people/whole.ts';
import { makeCloud } from './transform/cloud.ts';
import { type Ran, runOnce } from './transform/run.ts';

// npm run bench:transform -- --people 1 --days 365: what a run of the small engine takes that docs/cost.md multiplies. The bundle of `transform`
// against moto, each run in a new process as after a pause of Lambda: one over all the past, then some that take in a few objects more, and
// bare DuckDB that writes the same bytes as Parquet.

const options = new Command('bench:transform')
  .option('--people <n>', 'how many', whole, 1)
  .option('--days <n>', 'how long', whole, 365)
  .option('--until <day>', 'the last of the days', '2026-06-30')
  .option('--runs <n>', 'how many runs follow the first', whole, 5)
  .option('--objects <n>', 'what each of them takes in', whole, 3)
  .parse()
  .opts<{ people: number; days: number; until: string; runs: number; objects: number }>();

const data = mkdtempSync(path.join(tmpdir(), 'wellspring-bench-'));
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function say(name: string, { value, seconds, processorSeconds, peakMb, requests }: Ran): void {
  const asked = Object.entries(requests).map(([kind, n]) => `${kind} ${n}`);
  process.stdout.write(
    `${name}: ${value.objects} objects, ${Object.keys(value.tables).length} tables changed, ${processorSeconds.toFixed(1)} s of processor, ` +
      `${seconds.toFixed(1)} s, ${peakMb.toFixed(0)} MB at most; requests: ${asked.toSorted().join(', ')}\n`,
  );
}

const { people, days, until } = options;
const made = await populate(data, { seed: 'people', people, days, until });
const keys = readdirSync(path.join(data, 'raw'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => `raw/${name.replaceAll('\\', '/')}`)
  .toSorted();
process.stdout.write(`${people} people, ${days} days: ${made.objects} objects, ${(made.bytes / 1e6).toFixed(1)} MB\n`);

const [moto, bundles] = [await startMoto(), await build('transform')];
try {
  const { raw, variables } = await makeCloud(moto);
  const store = async (some: readonly string[]): Promise<void> => {
    for (const key of some) await raw.putIfAbsent(key, readFileSync(path.join(data, key)));
  };
  const past = keys.length - options.runs * options.objects;
  await store(keys.slice(0, past));
  const first = await runOnce(moto, bundles.out, variables);
  say('all of it', first);
  const runs: Ran[] = [];
  for (let at = past; at < keys.length; at += options.objects) {
    await store(keys.slice(at, at + options.objects));
    const ran = await runOnce(moto, bundles.out, variables);
    say('a run more', ran);
    runs.push(ran);
  }
  const bare = await measure({ what: 'bare', dataDir: data, lake: 'bare' });
  const each = (of: (ran: Ran) => number): number => median(runs.map(of));
  const processor = each((ran) => ran.processorSeconds);
  process.stdout.write(
    `bare DuckDB, JSON to Parquet: ${bare.seconds.toFixed(2)} s, ${bare.peakMb.toFixed(0)} MB\n` +
      `a run, median of ${runs.length}: ${processor.toFixed(1)} s of processor, ${each((ran) => ran.seconds).toFixed(1)} s, ` +
      `${each((ran) => ran.peakMb).toFixed(0)} MB; ${(each((ran) => ran.seconds) / bare.seconds).toFixed(1)} times bare DuckDB over everything; ` +
      `the first ${(first.seconds / bare.seconds).toFixed(1)} times\n`,
  );
} finally {
  await moto.stop();
  await bundles.remove();
  rmSync(data, { recursive: true, force: true });
}
