import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createChance } from '../../../local/sandbox/chance.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { differences } from './differences.ts';
import { FACTS, settle } from './household.ts';
import { openStack } from './stack.ts';
import { makeStatements } from './statements.ts';
import { walk } from './walk.ts';
import { anyWay, referenceWay, type Way } from './way.ts';

/** How many people, and over how many days. */
export interface Scale {
  readonly people: number;
  readonly days: number;
}

export interface SeedReport {
  readonly scale: Scale;
  readonly ways: number;
  /** Different deliveries; every way sends them all. */
  readonly statements: number;
  /** Sendings and batches of all ways together. */
  readonly sendings: number;
  readonly batches: number;
  /** What is wrong, in words; empty when every way leads to the same tables. */
  readonly problems: readonly string[];
}

export interface SeedOptions extends Partial<Scale> {
  /** The folder of the models; the project's when absent. */
  readonly models?: string;
}

/** Two thousand deliveries and a little more. */
const SCALE: Scale = { people: 8, days: 54 };

/** The last date of the simulated people, and when the first of their deliveries is sent: two days later. */
const UNTIL = '2026-11-15';
const START_MS = Date.UTC(2026, 10, 17, 9);
const SHOWN = 12;

/** Walks the reference way and three others of a seed, and compares the tables they lead to. */
export async function runSeed(seed: string, options: SeedOptions = {}): Promise<SeedReport> {
  const { people = SCALE.people, days = SCALE.days } = options;
  const chance = createChance(`order ${seed}`);
  const population = generatePeople({ seed, days, people, until: UNTIL });
  const statements = makeStatements(population.deliveries, chance.fork('statements'));
  const ways: readonly (readonly [string, Way])[] = [
    ['reference', referenceWay(statements, FACTS.length, chance.fork('reference'))],
    ['mixed', anyWay(statements, FACTS.length, { style: 'mixed' }, chance.fork('mixed'))],
    ['grouped', anyWay(statements, FACTS.length, { style: 'grouped' }, chance.fork('grouped'))],
    ['delayed', anyWay(statements, FACTS.length, { style: 'delayed', by: 'sweep' }, chance.fork('delayed'))],
  ];
  const problems: string[] = [];
  const directory = makeDirectory();
  try {
    const lakes: string[] = [];
    for (const [name, way] of ways) {
      const place = join(directory, name);
      mkdirSync(place);
      const stack = openStack({ directory: place, seed, startMs: START_MS, models: options.models });
      try {
        const household = await settle(stack, population);
        const complain = (problem: string): void => void problems.push(`${name}: ${problem}`);
        await walk(stack, household, statements, way, chance.fork(`times of ${name}`), complain);
        if (name === 'mixed') {
          const found = await differences(await stack.fromNothing(), stack.lake, 'same raw');
          for (const one of found) complain(`against tables from nothing, ${one}`);
        }
      } finally {
        await stack.close();
      }
      lakes.push(stack.lake);
      const [reference = stack.lake] = lakes;
      problems.push(...(await differences(reference, stack.lake, 'other way')).map((one) => `${name}: ${one}`));
    }
  } finally {
    removeDirectory(directory);
  }
  const steps = ways.flatMap(([, way]) => way.steps);
  return {
    scale: { people, days },
    ways: ways.length,
    statements: statements.length,
    sendings: steps.filter(({ kind }) => kind === 'send').length,
    batches: steps.filter(({ kind }) => kind === 'batch').length,
    problems: problems.slice(0, SHOWN),
  };
}
