import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '../../../ports/engine/duckdb/database.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { icebergRows, modelTexts } from '../../support/iceberg-rows.ts';
import type { SparkPlant } from '../plant.ts';

/** Of each table what it held, as one text. */
export type Held = Readonly<Record<string, string>>;

/** All tables once, each as it is at that moment. */
export async function readAll({ iceberg }: SparkPlant, models: string): Promise<Held> {
  const [scratch, database] = [makeDirectory(), await openDatabase()];
  try {
    const texts = await modelTexts(models, (name) => icebergRows({ ...iceberg, database, scratch }, name));
    return Object.fromEntries(Object.entries(texts).map(([name, rows]) => [name, rows.join('\n')]));
  } finally {
    database.close();
    removeDirectory(scratch);
  }
}

/** What somebody saw who read all tables over and over: of each what it held, one after the other. */
export interface Seen {
  readonly reads: number;
  readonly held: Readonly<Record<string, readonly string[]>>;
}

/** Reads without Spark and beside it, until it is told to stop. */
export function startReading(plant: SparkPlant, models: string): { stop(): Promise<Seen> } {
  const held: Record<string, string[]> = {};
  const told = new AbortController();
  let reads = 0;
  async function read(): Promise<void> {
    while (!told.signal.aborted) {
      for (const [name, text] of Object.entries(await readAll(plant, models))) {
        const before = (held[name] ??= []);
        if (before.at(-1) !== text) before.push(text);
      }
      reads += 1;
      await turn();
    }
  }
  const done = read();
  // Whoever stops it hears of what it failed by.
  done.catch(() => undefined);
  return {
    async stop() {
      told.abort();
      await done;
      return { reads, held };
    },
  };
}
