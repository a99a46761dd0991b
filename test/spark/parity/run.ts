import { parseArgs } from 'node:util';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { playObjects, sampleObjects, writeObjects } from './corpus.ts';
import { openEngines } from './engines.ts';

/**
 * `npm run test:parity -- --seeds 10`: every model on DuckDB and on Spark over all recorded payloads and over what households leave whose
 * providers go wrong; every cell is compared. A run costs by its models far more than by its rows, so several households (`--together`) live
 * in one: nobody and no account is in two. Exit 1 when any cell differs, or the payloads gave a model no row to compare. `--seed 7` replays
 * one; `--people` and `--days` set the size of each. With `--compiled` Spark compiles plans and shuffles as it does on Glue: the tests spare
 * themselves that, because it takes minutes of so few rows.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string' },
    together: { type: 'string', default: '5' },
    people: { type: 'string', default: '3' },
    days: { type: 'string', default: '30' },
    compiled: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = createSystemClock();
const scale = { people: Number(values.people), days: Number(values.days) };

interface Corpus {
  readonly name: string;
  /** How many it stands for. */
  readonly holds: number;
  readonly fill: (directory: string) => void | Promise<void>;
}

const samples: Corpus = {
  name: 'samples',
  holds: 1,
  fill: (directory) => writeObjects(directory, sampleObjects()),
};

const households = (seeds: readonly string[]): Corpus => ({
  name: `seed ${seeds.join(', ')}`,
  holds: seeds.length,
  async fill(directory) {
    for (const seed of seeds) await playObjects(directory, { ...scale, seed });
  },
});

function corpora(): readonly Corpus[] {
  if (values.seed !== undefined) return [households([values.seed])];
  const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => String(at + 1));
  const together = Number(values.together);
  const groups = seeds.flatMap((_, at) => (at % together === 0 ? [households(seeds.slice(at, at + together))] : []));
  return [samples, ...groups];
}

const engines = openEngines({ compiled: values.compiled });
/** Models that no row was compared of so far; undefined before the first corpus. */
let empty: ReadonlySet<string> | undefined;

/** Makes a corpus in a directory of its own. */
async function make(corpus: Corpus) {
  const directory = makeDirectory();
  const startedMs = clock.now();
  await corpus.fill(directory);
  return { ...corpus, directory, madeMs: clock.now() - startedMs };
}

/** Compares over one corpus and says what differs; answers whether nothing does. */
async function compare({ name, directory, madeMs }: Awaited<ReturnType<typeof make>>): Promise<boolean> {
  const startedMs = clock.now();
  const comparisons = await engines.compare(directory);
  const sum = (of: 'cells' | 'differing'): number => comparisons.reduce((all, one) => all + one[of], 0);
  const differing = comparisons.filter((one) => one.differing > 0);
  const without = comparisons.filter(({ rows }) => rows === 0).map(({ model }) => model);
  empty = new Set(without.filter((model) => empty?.has(model) ?? true));
  const [made, took] = [madeMs, clock.now() - startedMs].map((ms) => Math.round(ms / 1000));
  say(
    `${name}: ${comparisons.length} models, ${without.length} of them without rows, ${sum('cells')} cells, ${sum('differing')} differing; made in ${made} s, compared in ${took} s`,
  );
  for (const { model, details } of differing) for (const detail of details) say(`  ${model}.${detail}`);
  return differing.length === 0;
}

let [passed, failed] = [0, 0];
try {
  for (const corpus of corpora()) {
    const made = await make(corpus);
    try {
      if (await compare(made)) passed += made.holds;
      else failed += made.holds;
    } finally {
      removeDirectory(made.directory);
    }
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
