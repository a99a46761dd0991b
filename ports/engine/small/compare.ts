import { readCatalog } from '../duckdb/catalog.ts';
import { cellsOf, differenceOf } from './differences.ts';
import { findChanges } from './diff.ts';
import { createJournal } from './journal.ts';
import { openLake } from './lake.ts';
import { OBJECTS, RECORDS, TAKEN } from './layout.ts';
import { PORTION } from './limits.ts';
import { readKnown } from './past.ts';
import { placeAside } from './place-aside.ts';
import { computeAll, type Computation } from './publish.ts';
import { newBatchId, type Session } from './session.ts';
import type { Comparison, Difference, SmallEngineOptions } from './small.ts';
import { takeIn } from './take-in.ts';
import { findAll, portionsOf } from './work.ts';

/** Differs in every table a run notes its own doings in. */
const OURS: readonly string[] = [TAKEN.name];

/** Counts how the computed tables differ from those stored, and leaves some cells of each where whoever asked may read them. */
async function differences(
  computed: Computation,
  write: (table: string, lines: readonly unknown[]) => Promise<void>,
): Promise<Readonly<Record<string, Difference>>> {
  const { database } = computed;
  const found: Record<string, Difference> = {};
  for (const held of await computeAll(computed)) {
    const { name } = held.layout;
    if (OURS.includes(name) || (await findChanges(database, held, `select * from ${name}`)) === 0) continue;
    found[name] = await differenceOf(database, name);
    await write(name, await cellsOf(database, held));
  }
  return found;
}

/** A rebuild over tables that only it sees: what it would commit is told and thrown away. */
export async function compare(options: SmallEngineOptions, session: Session): Promise<Comparison> {
  const { objects, place, clock, ids, samples = true, portion = PORTION, waveRecords } = options;
  const { scratch, guard, inTime, withDatabase } = session;
  const models = readCatalog(options.modelsDirectory);
  const lake = openLake(options.aside(), placeAside(place, scratch), scratch);
  const [objectsHeld, records] = [await lake.hold(OBJECTS), await lake.hold(RECORDS)];
  const known = await withDatabase((database) => readKnown(database, objectsHeld, records));
  const { fresh, gone } = await findAll(objects, known);
  const batchId = newBatchId(clock, ids);
  const mine = { batchId, startedMs: clock.now(), tables: {}, modelVersion: models.modelVersion };
  const journal = createJournal(place, scratch);
  const write = async (table: string, lines: readonly unknown[]): Promise<void> => {
    await guard();
    await journal.writeLines(batchId, `changed/${table}.ndjson`, [lines], true);
  };
  const portions = portionsOf(fresh, portion);
  let tables: Comparison['tables'] = {};
  for (const [at, listed] of portions.entries()) {
    inTime();
    await withDatabase(async (database) => {
      const run = { database, lake, models, mine, guard, scratch, inTime };
      const before = await takeIn(run, { objects, listed, gone, changed: {} });
      if (at === portions.length - 1) tables = await differences({ ...run, before, samples, waveRecords }, write);
    });
  }
  return { batch_id: batchId, objects: fresh.length, tables };
}
