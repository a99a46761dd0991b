import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '../../ports/clock/system.ts';
import { openDatabase } from '../../ports/engine/duckdb/database.ts';
import { createDuckDbEngine } from '../../ports/engine/duckdb/engine.ts';
import { literal } from '../../ports/engine/duckdb/sql.ts';
import { createFsObjects } from '../../ports/objects/fs.ts';
import { readObjects } from '../../app/listing.ts';
import { work, type Cost } from './work.ts';

// One rebuild, one batch, or the baseline of them, in a process of its own: its peak of memory is that of nothing else. Prints one line of JSON.
const asked = work.parse(JSON.parse(process.argv[2] ?? ''));
const clock = createSystemClock();
const startedMs = clock.now();
const objects = createFsObjects({ root: asked.dataDir });

const openEngine = () =>
  createDuckDbEngine({
    directory: path.join(asked.dataDir, 'bench', asked.lake),
    modelsDirectory: fileURLToPath(new URL('../../models', import.meta.url)),
    clock,
  });

const terms = {
  batchId: `b_${startedMs}`,
  now: asked.nowMs ?? startedMs,
  load: (key: string) => objects.get(key),
  commit: (change: () => void) => Promise.resolve((change(), true)),
  onStep: (step: string) => void process.stderr.write(`${((clock.now() - startedMs) / 1000).toFixed(0)} s ${step}\n`),
};

/** What raw holds of the dates before one, or of all. */
async function* listed() {
  for await (const one of objects.list('raw/'))
    if (asked.before === undefined || one.key < `raw/${asked.before}`) yield one;
}

async function rebuild(): Promise<number> {
  const engine = openEngine();
  const made = await engine.rebuild({ ...terms, listed: listed() });
  await engine.close();
  return made.objects;
}

/** One batch of what raw holds of one date. */
async function day(): Promise<number> {
  const keys: string[] = [];
  for await (const { key } of objects.list(`raw/${asked.day}/`)) keys.push(key);
  const engine = openEngine();
  await engine.run({ ...terms, objects: await readObjects(objects, keys) });
  await engine.close();
  return keys.length;
}

/** Bare DuckDB: reads the same documents, opens each far enough to know what it is, and writes them as one Parquet file. */
async function bare(): Promise<number> {
  const out = path.join(asked.dataDir, 'bench', 'bare.parquet');
  mkdirSync(path.dirname(out), { recursive: true });
  const database = await openDatabase({ memory: '1GB', spill: path.join(asked.dataDir, 'bench', 'spill') });
  const files = literal(path.join(asked.dataDir, 'raw', '**', '*.json'));
  await database.run(
    `copy (select json_extract_string(json, '$.type') as type, json_extract_string(json, '$.time') as time, json_extract(json, '$.data') as data
       from read_ndjson_objects(${files}, maximum_object_size = 33554432)) to ${literal(out)} (format parquet, compression zstd, row_group_size 2048)`,
  );
  const [row] = await database.rows(`select sum(num_rows) as n from parquet_file_metadata(${literal(out)})`);
  database.close();
  rmSync(out);
  return Number(row?.['n']);
}

const payloads = await { bare, rebuild, day }[asked.what]();
const { user, system } = process.cpuUsage();
const cost: Cost = {
  payloads,
  seconds: (clock.now() - startedMs) / 1000,
  processorSeconds: (user + system) / 1e6,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(cost)}\n`);
