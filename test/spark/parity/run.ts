import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { playObjects, sampleObjects, writeObjects } from './corpus.ts';
import { openEngines } from './engines.ts';

/**
 * `npm run test:parity -- --seeds 10`: every model on DuckDB and on Spark over all recorded payloads and, seed by seed, over what a household
 * leaves whose providers go wrong; every cell is compared. Exit 1 when any differs, or the payloads gave a model no row to compare. `--seed 7`
 * replays one; `--people` and `--days` set its size.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string' },
    people: { type: 'string', default: '3' },
    days: { type: 'string', default: '30' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = createSystemClock();
const scale = { people: Number(values.people), days: Number(values.days) };

interface Corpus {
  readonly name: string;
  readonly fill: (directory: string) => void | Promise<void>;
}

const household = (seed: string): Corpus => ({
  name: `seed ${seed}`,
  fill: (directory) => playObjects(directory, { ...scale, seed }),
});

function corpora(): readonly Corpus[] {
  if (values.seed !== undefined) return [household(values.seed)];
  const samples: Corpus = { name: 'samples', fill: (directory) => writeObjects(directory, sampleObjects()) };
  return [samples, ...Array.from({ length: Number(values.seeds) }, (_, at) => household(String(at + 1)))];
}

const engines = openEngines();
/** Models that no row was compared of so far; undefined before the first corpus. */
let empty: ReadonlySet<string> | undefined;

/** Compares over one corpus and says what differs; answers whether nothing does. */
async function compare({ name, fill }: Corpus): Promise<boolean> {
  const directory = makeDirectory();
  try {
    const startedMs = clock.now();
    await fill(directory);
    const playedMs = clock.now();
    const comparisons = await engines.compare(directory);
    const sum = (of: 'cells' | 'differing'): number => comparisons.reduce((all, one) => all + one[of], 0);
    const differing = comparisons.filter((one) => one.differing > 0);
    const [made, took] = [playedMs - startedMs, clock.now() - playedMs].map((ms) => Math.round(ms / 1000));
    say(
      `${name}: ${comparisons.length} models, ${sum('cells')} cells, ${sum('differing')} differing; made in ${made} s, compared in ${took} s`,
    );
    const without = comparisons.filter(({ rows }) => rows === 0).map(({ model }) => model);
    empty = new Set(without.filter((model) => empty?.has(model) ?? true));
    for (const { model, details } of differing) for (const detail of details) say(`  ${model}.${detail}`);
    return differing.length === 0;
  } finally {
    removeDirectory(directory);
  }
}

let [passed, failed] = [0, 0];
try {
  for (const corpus of corpora()) {
    if (await compare(corpus)) passed += 1;
    else failed += 1;
  }
} finally {
  await engines.stop();
}
// One household alone need not hold everything.
if (values.seed === undefined && empty !== undefined && empty.size > 0) {
  say(`compared by type alone, without a row: ${[...empty].join(', ')}`);
  failed += 1;
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
