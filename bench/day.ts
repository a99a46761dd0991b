import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createDuckDbEngine } from '../ports/engine/duckdb/engine.ts';
import type { BatchRequest, RawInput } from '../ports/engine/engine.ts';
import { populate } from './people/populate.ts';

// npm run bench:day -- --people 100 --days 365: what one more day of everybody costs beside making all tables anew, in one run.

const { people, days, dataDir } = new Command('bench:day')
  .option('--people <n>', 'how many', Number, 20)
  .option('--days <n>', 'how long their past is', Number, 120)
  .option('--data-dir <dir>', 'where raw objects lie or come to lie; removed again when absent')
  .parse()
  .opts<{ readonly people: number; readonly days: number; readonly dataDir?: string }>();

const models = fileURLToPath(new URL('../models', import.meta.url));
const place = mkdtempSync(path.join(tmpdir(), 'wellspring-bench-'));
const data = dataDir ?? place;

/** Of the dates on which something came the last but this many is the new day: what came after it is left out. */
const AFTER = 3;
const DATES = /^raw\/(\d{4}-\d{2}-\d{2})\//;

function read(): readonly RawInput[] {
  const names = readdirSync(path.join(data, 'raw'), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      key: `raw/${name.replaceAll('\\', '/')}`,
      document: readFileSync(path.join(data, 'raw', name)),
    }));
}

interface Cost {
  readonly seconds: number;
  readonly processorSeconds: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, processorSeconds: (user + system) / 1e6 };
}

try {
  await populate(data, { seed: 'people', people, days, until: '2026-06-30' });
  const all = read();
  const dates = [...new Set(all.flatMap(({ key }) => DATES.exec(key)?.[1] ?? []))].toSorted();
  const last = dates.at(-1 - AFTER) ?? '';
  const isNew = ({ key }: RawInput): boolean => key.startsWith(`raw/${last}/`);
  const engine = createDuckDbEngine({ directory: path.join(place, 'lake'), modelsDirectory: models });
  const request = (batchId: string, objects: readonly RawInput[]): BatchRequest => ({
    batchId,
    now: Date.parse(`${last}T23:00:00Z`),
    objects,
    load: () => Promise.resolve(undefined),
    commit: (change) => Promise.resolve((change(), true)),
  });
  const past = all.filter(({ key }) => key < `raw/${last}/`);
  const whole = await costOf(() => engine.run(request('b_past', past)));
  const day = all.filter(isNew);
  const one = await costOf(() => engine.run(request('b_day', day)));
  const ratio = whole.processorSeconds / one.processorSeconds;
  const memory = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(
    `${people} people, ${dates.length} days: ${past.length} objects from nothing ${whole.processorSeconds.toFixed(1)} s of processor (${whole.seconds.toFixed(1)} s), ` +
      `one day more (${day.length} objects) ${one.processorSeconds.toFixed(1)} s (${one.seconds.toFixed(1)} s): ${ratio.toFixed(1)} times less; ${memory.toFixed(0)} MB at most\n`,
  );
} finally {
  rmSync(place, { recursive: true, force: true });
}
