import { join } from 'node:path';
import type { BatchRuntime } from '../../../app/batch.ts';
import type { ImportRuntime } from '../../../app/import.ts';
import type { ReceiveRuntime } from '../../../app/runtime.ts';
import type { Bus } from '../../../ports/bus/bus.ts';
import { createFixedClock, type FixedClock } from '../../../ports/clock/fixed.ts';
import { createDuckDbEngine } from '../../../ports/engine/duckdb/engine.ts';
import { createMemoryObjects } from '../../../ports/objects/memory.ts';
import { createLibsqlState } from '../../../ports/state/libsql.ts';
import { createKeyring } from '../../../providers/kit/keyring.ts';
import { MODELS } from '../../support/transform.ts';
import { createWayIds, type WayIds } from './ids.ts';

export interface StackOptions {
  readonly directory: string;
  readonly seed: string;
  /** Unix ms. */
  readonly startMs: number;
  readonly models?: string | undefined;
}

/** What one way to the tables runs on: everything real but the time, the ids, and a bus that loses every event. */
export interface Stack extends ReceiveRuntime, ImportRuntime, BatchRuntime {
  readonly clock: FixedClock;
  readonly ids: WayIds;
  readonly publicUrl: string;
  readonly zone: string;
  /** Where the engine keeps its tables. */
  readonly lake: string;
  /** Makes all tables from the raw objects alone, beside those of the way; answers where they are. */
  fromNothing(): Promise<string>;
  close(): Promise<void>;
}

const LOSING: Bus = {
  publish: (events) => Promise.resolve(events.map(() => ({ ok: false, reason: 'lost' }))),
};

export function openStack({ directory, seed, startMs, models = MODELS }: StackOptions): Stack {
  const clock = createFixedClock(startMs);
  const state = createLibsqlState({ file: join(directory, 'state.db'), clock });
  const lake = join(directory, 'lake');
  // The smallest of what may be made anew by itself: a day, or a family.
  const engine = createDuckDbEngine({ directory: lake, modelsDirectory: models, clock, daysFrom: 0, waveRecords: 0 });
  const objects = createMemoryObjects();
  return {
    objects,
    bus: LOSING,
    clock,
    ids: createWayIds(seed),
    keyring: createKeyring({ secrets: [`the secret of ${seed}`] }),
    isForgotten: () => false,
    settings: () => ({}),
    version: '0.0.0',
    state,
    engine,
    publicUrl: 'https://well.example',
    zone: 'UTC',
    lake,
    async fromNothing() {
      const other = join(directory, 'other');
      const fresh = createDuckDbEngine({
        directory: other,
        modelsDirectory: models,
        tablesDirectory: join(directory, 'other-tables'),
      });
      await fresh.rebuild({
        batchId: 'b_from_nothing',
        now: clock.now(),
        listed: objects.list('raw/'),
        load: (key) => objects.get(key),
        commit: async (change) => (change(), true),
      });
      await fresh.close();
      return other;
    },
    async close() {
      await engine.close();
      await state.close();
    },
  };
}
