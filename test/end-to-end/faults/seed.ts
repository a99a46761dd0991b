import { join } from 'node:path';
import * as z from 'zod';
import { generatePeople, FETCHED, PUSHED } from '../../../local/sandbox/people.ts';
import { differences as differencesOf } from '../order/differences.ts';
import { untrue } from '../../support/truth.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { play } from '../../support/play.ts';

export interface SeedOptions {
  readonly days: number;
  readonly people: number;
}

export interface SeedReport {
  /** How often each fault was met. */
  readonly met: Readonly<Record<string, number>>;
  /** Values the truth says. */
  readonly values: number;
  /** What is wrong, in words. */
  readonly problems: readonly string[];
}

const counts = z.record(z.string(), z.number());
/** The clocks of Paris go back within thirty days of it. */
const UNTIL = '2026-11-15';

/** Plays a demo twice, with and without all faults that pass: the same tables, and both true. */
export async function runSeed(seed: string, { days, people }: SeedOptions): Promise<SeedReport> {
  const directory = makeDirectory();
  try {
    const options = { seed, days, people, until: UNTIL };
    const [well, ill] = [join(directory, 'well'), join(directory, 'ill')];
    await play(well, options);
    const said = await play(ill, { ...options, faults: 'all' });
    const { truth } = generatePeople({ ...options, untilHour: 15, providers: [...PUSHED, ...FETCHED] });
    return {
      met: counts.parse(said['faults']),
      values: truth.length,
      problems: [
        ...(await untrue(well, truth)).map((one) => `without faults, ${one}`),
        ...(await untrue(ill, truth)).map((one) => `with faults, ${one}`),
        ...(await differencesOf(join(well, 'lake'), join(ill, 'lake'), 'other pages')),
      ],
    };
  } finally {
    removeDirectory(directory);
  }
}
