import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import { PortError } from '../../errors.ts';
import type { Ids } from '../../ids/ids.ts';
import { readCatalog } from '../duckdb/catalog.ts';
import { openDatabase, type Database } from '../duckdb/database.ts';
import type { RunRecord } from '../run.ts';
import { announceFinished } from './announce.ts';
import { createJournal } from './journal.ts';
import { openLake } from './lake.ts';
import { BATCHES, OBJECTS } from './layout.ts';
import { limited, PORTION, tooLarge } from './limits.ts';
import { readPast } from './past.ts';
import { publish } from './publish.ts';
import type { SmallEngine, SmallEngineOptions, SmallRequest } from './small.ts';
import { takeIn } from './take-in.ts';
import { keepUp } from './upkeep.ts';
import { findWork, portionsOf } from './work.ts';

const THREADS = 2;
const MEMORY = '800MB';

/** Ids of batches sort by time. */
function newBatchId(clock: Clock, ids: Ids): string {
  const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();
  return ids.id(`b_${time}z`, 6);
}

/** The engine `small` of a stack: DuckDB in one function, as exact as the jobs and for as much as fits into it. */
export function createSmallEngine(options: SmallEngineOptions): SmallEngine {
  const { objects, catalog, place, bus, clock, ids, samples = true, portion = PORTION } = options;
  const journal = createJournal(place);

  async function withDatabase<T>(
    scratch: string,
    signal: AbortSignal | undefined,
    work: (database: Database) => Promise<T>,
  ) {
    const spill = path.join(scratch, 'spill');
    const database = await openDatabase({ spill, memory: options.memory ?? MEMORY, threads: THREADS });
    const interrupt = (): void => database.connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      return await work(database);
    } catch (error) {
      throw limited(error);
    } finally {
      signal?.removeEventListener('abort', interrupt);
      database.close();
    }
  }

  async function batch(scratch: string, { isHeld, signal }: SmallRequest): Promise<RunRecord | undefined> {
    const models = readCatalog(options.modelsDirectory);
    const guard = async (): Promise<void> => {
      if (!(await isHeld())) throw lost();
    };
    const inTime = (): void => {
      if (signal?.aborted === true) throw tooLarge('This batch takes longer than the function may run.');
    };
    const died = await announceFinished(bus, journal);
    const lake = openLake(catalog, place, scratch);
    const [objectsHeld, batches] = [await lake.hold(OBJECTS), await lake.hold(BATCHES)];
    const past = await withDatabase(scratch, signal, (database) => readPast(database, objectsHeld, batches));
    const now = clock.now();
    const work = await findWork(objects, past, models.readersVersion, now);
    const isIdle =
      work.fresh.length + work.gone.length + died.length === 0 && past.modelVersion === models.modelVersion;
    if (isIdle) return undefined;
    // A batch that was broken off is gone on with: rows that were stored name it, and its own row may be there.
    const begun = died.at(-1) ?? { batchId: newBatchId(clock, ids), startedMs: now, tables: {} };
    const mine = { ...begun, modelVersion: models.modelVersion };
    // Before the first commit: what this run changes is told, whatever becomes of it.
    await guard();
    await journal.open(mine);
    const changed: Record<string, number> = { ...mine.tables };
    const portions = portionsOf(work.fresh, portion);
    let published: RunRecord | undefined;
    for (const [at, listed] of portions.entries()) {
      inTime();
      published = await withDatabase(scratch, signal, async (database) => {
        const run = { database, lake, models, mine, guard, inTime };
        const before = await takeIn(run, { objects, listed, gone: work.gone, changed });
        if (at < portions.length - 1) return undefined;
        return publish({ ...run, before, journal, bus, clock, died, changed, batches, samples });
      });
    }
    if (published !== undefined) await keepUp(catalog, past, now, options.historyDays ?? 7);
    return published;
  }

  return {
    async run(request) {
      const { scratch } = options;
      // A run that was ended from outside has left its copies behind.
      await rm(scratch, { recursive: true, force: true });
      await mkdir(scratch, { recursive: true });
      try {
        return await batch(scratch, request);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

function lost(): PortError {
  return new PortError('lease_lost', 'another batch took over before this one was done', {
    remedy: 'The next run tells and finishes what this one began.',
  });
}
