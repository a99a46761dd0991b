import type { BatchRequest } from '../engine.ts';
import type { Catalog } from './catalog.ts';
import { intake, type Before } from './compute.ts';
import type { Database } from './database.ts';
import { wavesFolder } from './gather.ts';
import { keepObjects, keepRecords } from './kept.ts';
import type { Manifest } from './manifest.ts';
import { computeScope } from './parts.ts';
import type { Plan } from './plan.ts';

export interface Computing {
  readonly directory: string;
  readonly catalog: Catalog;
  readonly before: Before;
  readonly request: Omit<BatchRequest, 'commit'> & { readonly keys?: string };
  readonly everybody: boolean;
  readonly plan: Plan;
  /** The manifest that holds what earlier batches left; undefined when this one replaces everything. */
  readonly kept: Manifest | undefined;
  readonly waveRecords: number;
}

/**
 * Reads and computes a batch: each model is a table of its name then, beside objects and records. Nothing is published. Answers whether some are
 * made anew by days: the tables hold no more than these of them.
 */
export async function computeBatch(database: Database, computing: Computing): Promise<boolean> {
  const { directory, catalog, before, request, everybody, plan, kept } = computing;
  const { batchId, now, onStep = () => undefined } = request;
  await intake(database, catalog, before, { ...request, batch: { batchId, now }, onStep });
  const isWindowed = await computeScope(database, catalog, {
    before,
    plan,
    also: everybody ? 'all' : (request.also ?? []),
    most: computing.waveRecords,
    folder: wavesFolder({ directory, batchId, now }),
    async keep(isByDays) {
      if (!plan.dates) return [];
      await keepRecords(database, { kept, directory, isWindowed: isByDays });
      return ['kept_records'];
    },
    onStep,
  });
  if (plan.reads) await keepObjects(database);
  return isWindowed;
}
