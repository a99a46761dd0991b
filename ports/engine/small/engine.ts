import { mkdir, rm } from 'node:fs/promises';
import { readCatalog } from '../duckdb/catalog.ts';
import type { RunRecord } from '../run.ts';
import { announceFinished } from './announce.ts';
import { compare } from './compare.ts';
import { createJournal } from './journal.ts';
import { openLake } from './lake.ts';
import { BATCHES, batchVersion, OBJECTS, RECORDS } from './layout.ts';
import { PORTION } from './limits.ts';
import { readKnown, readPast } from './past.ts';
import { publish } from './publish.ts';
import { newBatchId, openSession, type Session } from './session.ts';
import type { SmallEngine, SmallEngineOptions, SmallRequest } from './small.ts';
import { takeIn } from './take-in.ts';
import { keepUp } from './upkeep.ts';
import { findAll, findWork, portionsOf } from './work.ts';

/** The engine `small` of a stack: DuckDB in one function, as exact as the jobs and for as much as fits into it. */
export function createSmallEngine(options: SmallEngineOptions): SmallEngine {
  const { objects, catalog, place, bus, clock, ids, samples = true, portion = PORTION, waveRecords } = options;
  const journal = createJournal(place, options.scratch);

  async function batch(session: Session, isAnew: boolean): Promise<RunRecord | undefined> {
    const { scratch, guard, inTime, withDatabase } = session;
    const models = readCatalog(options.modelsDirectory);
    const modelVersion = batchVersion(models, samples);
    const died = await announceFinished(bus, journal);
    const lake = openLake(catalog, place, scratch);
    const [objectsHeld, batches] = [await lake.hold(OBJECTS), await lake.hold(BATCHES)];
    const past = await withDatabase((database) => readPast(database, objectsHeld, batches));
    const now = clock.now();
    const find = async () => {
      if (!isAnew) return findWork(objects, past, models.readersVersion, now);
      const records = await lake.hold(RECORDS);
      return findAll(objects, await withDatabase((database) => readKnown(database, objectsHeld, records)));
    };
    const work = await find();
    const isOutdated = past.modelVersion !== modelVersion;
    if (work.fresh.length + work.gone.length + died.length === 0 && !isOutdated) return undefined;
    // A batch that was broken off is gone on with: rows that were stored name it, and its own row may be there.
    const begun = died.at(-1) ?? { batchId: newBatchId(clock, ids), startedMs: now, tables: {} };
    const mine = { ...begun, modelVersion };
    // Before the first commit: what this run changes is told, whatever becomes of it.
    await guard();
    await journal.open(mine);
    const changed: Record<string, number> = { ...mine.tables };
    const portions = portionsOf(work.fresh, portion);
    let published: RunRecord | undefined;
    for (const [at, listed] of portions.entries()) {
      inTime();
      published = await withDatabase(async (database) => {
        const run = { database, lake, models, mine, guard, scratch, inTime };
        const before = await takeIn(run, { objects, listed, gone: work.gone, changed });
        if (at < portions.length - 1) return undefined;
        return publish({
          ...run,
          before,
          journal,
          bus,
          clock,
          died,
          changed,
          batches,
          isOutdated,
          samples,
          waveRecords,
        });
      });
    }
    if (published !== undefined) await keepUp(catalog, past, now, options.historyDays ?? 7);
    return published;
  }

  /** In an empty directory: a run that was ended from outside has left its copies behind. */
  async function within<T>(request: SmallRequest, work: (session: Session) => Promise<T>): Promise<T> {
    const { scratch } = options;
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    try {
      return await work(openSession(options, request));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  return {
    run: (request) => within(request, (session) => batch(session, request.anew ?? false)),
    compare: (request) => within(request, (session) => compare(options, session)),
  };
}
