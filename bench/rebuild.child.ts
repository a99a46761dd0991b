import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '../ports/clock/system.ts';
import { openDatabase } from '../ports/engine/duckdb/database.ts';
import { createDuckDbEngine } from '../ports/engine/duckdb/engine.ts';
import { literal } from '../ports/engine/duckdb/sql.ts';
import { createFsObjects } from '../ports/objects/fs.ts';

// One rebuild, or the baseline of it, in a process of its own: its peak of memory is that of nothing else. Prints one line of JSON.
const [what = '', dataDir = ''] = process.argv.slice(2);
const clock = createSystemClock();
const startedMs = clock.now();

/** The lake of this benchmark, beside the raw objects it is made from. */
const directory = path.join(dataDir, 'bench', 'lake');

async function rebuild(): Promise<number> {
  const objects = createFsObjects({ root: dataDir });
  const engine = createDuckDbEngine({
    directory,
    modelsDirectory: fileURLToPath(new URL('../models', import.meta.url)),
    clock,
  });
  const made = await engine.rebuild({
    batchId: `b_${startedMs}`,
    now: startedMs,
    listed: objects.list('raw/'),
    load: (key) => objects.get(key),
    commit: (change) => {
      change();
      return Promise.resolve(true);
    },
    onStep: (step) => void process.stderr.write(`${((clock.now() - startedMs) / 1000).toFixed(0)} s ${step}\n`),
  });
  await engine.close();
  return made.objects;
}

/** Bare DuckDB: reads the same documents, opens each far enough to know what it is, and writes them as one Parquet file. */
async function bare(): Promise<number> {
  const out = path.join(dataDir, 'bench', 'bare.parquet');
  mkdirSync(path.dirname(out), { recursive: true });
  const database = await openDatabase({ memory: '1GB', spill: path.join(dataDir, 'bench', 'spill') });
  const files = literal(path.join(dataDir, 'raw', '**', '*.json'));
  await database.run(
    `copy (select json_extract_string(json, '$.type') as type, json_extract_string(json, '$.time') as time, json_extract(json, '$.data') as data
       from read_ndjson_objects(${files}, maximum_object_size = 33554432)) to ${literal(out)} (format parquet, compression zstd, row_group_size 2048)`,
  );
  const [row] = await database.rows(`select sum(num_rows) as n from parquet_file_metadata(${literal(out)})`);
  database.close();
  rmSync(out);
  return Number(row?.['n']);
}

const payloads = what === 'bare' ? await bare() : await rebuild();
const seconds = (clock.now() - startedMs) / 1000;
process.stdout.write(`${JSON.stringify({ payloads, seconds, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`);
