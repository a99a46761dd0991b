import path from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import { PortError } from '../../errors.ts';
import type { Ids } from '../../ids/ids.ts';
import { openDatabase, type Database } from '../duckdb/database.ts';
import { limited, tooLarge } from './limits.ts';
import type { SmallEngineOptions, SmallRequest } from './small.ts';

/** A run is hundreds of statements over little: two threads take a third more of processor time to be done later. */
const THREADS = 1;
const MEMORY = '800MB';

/** What one call of the engine works with. */
export interface Session {
  /** An empty directory of its own. */
  readonly scratch: string;
  /** Throws `lease_lost` when another run may have begun. */
  readonly guard: () => Promise<void>;
  /** Throws `too_large_for_small` when the time is over. */
  readonly inTime: () => void;
  /** Opens a database, closes it, and tells its lack of memory or time as `too_large_for_small`. */
  readonly withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
}

export function openSession(options: SmallEngineOptions, { isHeld, signal }: SmallRequest): Session {
  const { scratch } = options;
  return {
    scratch,
    async guard() {
      if (!(await isHeld())) throw lost();
    },
    inTime() {
      if (signal?.aborted === true) throw tooLarge('This batch takes longer than the function may run.');
    },
    async withDatabase(work) {
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
    },
  };
}

/** Ids of batches sort by time. */
export function newBatchId(clock: Clock, ids: Ids): string {
  const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();
  return ids.id(`b_${time}z`, 6);
}

function lost(): PortError {
  return new PortError('lease_lost', 'another batch took over before this one was done', {
    remedy: 'The next run tells and finishes what this one began.',
  });
}
