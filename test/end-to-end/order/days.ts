import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readObjects } from '../../../app/listing.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { createDuckDbEngine } from '../../../ports/engine/duckdb/engine.ts';
import type { RawInput } from '../../../ports/engine/engine.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { MODELS } from '../../support/transform.ts';
import { differences } from './differences.ts';
import { FACTS, settle } from './household.ts';
import { openStack } from './stack.ts';
import { makeStatements } from './statements.ts';
import { walk } from './walk.ts';
import { anyWay } from './way.ts';

export interface DaysReport {
  readonly objects: number;
  readonly batches: number;
  /** Batches that made days anew, and not whole people. */
  readonly byDays: number;
  readonly problems: readonly string[];
}

const START_MS = Date.UTC(2026, 10, 17, 9);
const isFact = ({ key }: RawInput): boolean => key.split('/')[2] === 'wellspring';

/**
 * Takes what a household's deliveries of any order left in raw into an empty lake: the facts, then all else in any order, `most` objects a batch at
 * most, each batch making anew no more than the days it touches. Compares with the tables made of everything at once.
 */
export async function runDays(
  seed: string,
  scale: { readonly people: number; readonly days: number; readonly most: number },
): Promise<DaysReport> {
  const chance = createChance(`days ${seed}`);
  const population = generatePeople({ seed, days: scale.days, people: scale.people, until: '2026-11-15' });
  const statements = makeStatements(population.deliveries, chance.fork('statements'));
  const way = anyWay(statements, FACTS.length, { style: 'mixed' }, chance.fork('mixed'));
  const directory = makeDirectory();
  try {
    mkdirSync(join(directory, 'sent'));
    const stack = openStack({ directory: join(directory, 'sent'), seed, startMs: START_MS });
    try {
      const household = await settle(stack, population);
      await walk(stack, household, statements, way, chance.fork('times'), () => undefined);
      const keys: string[] = [];
      for await (const { key } of stack.objects.list('raw/')) keys.push(key);
      const objects = await readObjects(stack.objects, keys);
      const lake = join(directory, 'days');
      const engine = createDuckDbEngine({ directory: lake, modelsDirectory: MODELS, daysFrom: 0 });
      const waiting = chance.shuffle(objects.filter((object) => !isFact(object)));
      let batches = 0;
      let byDays = 0;
      const take = async (some: readonly RawInput[]): Promise<void> => {
        batches += 1;
        await engine.run({
          batchId: `b_${String(batches).padStart(4, '0')}`,
          now: START_MS + batches * 60_000,
          objects: some,
          load: (key) => stack.objects.get(key),
          commit: async (change) => (change(), true),
          onStep: (step) => (byDays += step === 'windowed' ? 1 : 0),
        });
      };
      await take(objects.filter(isFact));
      while (waiting.length > 0) await take(waiting.splice(0, chance.int(1, scale.most)));
      await engine.close();
      const problems = await differences(await stack.fromNothing(), lake, 'same raw');
      return { objects: objects.length, batches, byDays, problems };
    } finally {
      await stack.close();
    }
  } finally {
    removeDirectory(directory);
  }
}
