import type { ListedObject, Objects } from '../../objects/objects.ts';
import type { Catalog } from '../duckdb/catalog.ts';
import { intake, type Before } from '../duckdb/compute.ts';
import type { Database } from '../duckdb/database.ts';
import type { RawInput } from '../engine.ts';
import { bindBefore, holdFacts, storeFacts } from './facts.ts';
import type { Opened } from './journal.ts';
import { eachOf, type Lake } from './lake.ts';
import type { Guard } from './store.ts';

/** What the steps of one run share. */
export interface Run {
  readonly database: Database;
  readonly lake: Lake;
  readonly models: Catalog;
  readonly mine: Opened;
  readonly guard: Guard;
  /** A directory of its own. */
  readonly scratch: string;
  /** Throws when the time is over. */
  readonly inTime: () => void;
}

/** Objects as they are now; one deleted since it was listed is left out. */
async function readAll(objects: Objects, listed: readonly ListedObject[]): Promise<readonly RawInput[]> {
  const read = await eachOf(listed, async ({ key }) => ({ key, document: await objects.get(key) }));
  return read.flatMap(({ key, document }) => (document === undefined ? [] : [{ key, document }]));
}

/** Reads some objects and stores what they hold; adds to `changed`, and answers what was stored before. */
export async function takeIn(
  { database, lake, models, mine, guard, inTime }: Run,
  portion: {
    readonly objects: Objects;
    readonly listed: readonly ListedObject[];
    readonly gone: readonly string[];
    readonly changed: Record<string, number>;
  },
): Promise<Before> {
  const facts = await holdFacts(lake);
  const before = await bindBefore(database, facts, portion.gone);
  await intake(database, models, before, {
    batch: { batchId: mine.batchId, now: mine.startedMs },
    objects: await readAll(portion.objects, portion.listed),
    load: (key) => portion.objects.get(key),
    onStep: inTime,
  });
  const stored = await storeFacts(database, lake, facts, models.readersVersion, guard);
  for (const [name, rows] of Object.entries(stored)) {
    if (rows > 0) portion.changed[name] = (portion.changed[name] ?? 0) + rows;
  }
  return before;
}
