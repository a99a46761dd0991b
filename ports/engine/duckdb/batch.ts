import type { BatchRequest } from '../engine.ts';
import type { Catalog } from './catalog.ts';
import { intake, model, scope, type Before } from './compute.ts';
import type { Database } from './database.ts';
import { wavesFolder } from './gather.ts';
import { keepObjects, keepRecords } from './kept.ts';
import type { Manifest } from './manifest.ts';
import { modelInParts, partsOf } from './parts.ts';
import type { Plan } from './plan.ts';

/** Records of whom is made anew whole that are computed at a time, some two years of a person: what is made of them is 1 GB. */
export const WAVE_RECORDS = 30_000;

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
  /** Where parts put by what they made; with what the batch stages when absent. */
  readonly folder?: string;
}

export interface Computed {
  /** Whether some are made anew by days: the tables hold no more than these of them. */
  readonly isWindowed: boolean;
  /** Whether it was computed in parts, which have put by what they made: it has passed its audits, and objects and records are bound as they are to be stored. */
  readonly isPutBy: boolean;
}

/** Computes a batch: each model is a table of its name then. At once where it is little, otherwise in parts. Nothing is published. */
export async function computeBatch(database: Database, computing: Computing): Promise<Computed> {
  const { directory, catalog, before, request, everybody, plan, kept } = computing;
  const { batchId, now, onStep = () => undefined } = request;
  await intake(database, catalog, before, { ...request, batch: { batchId, now }, onStep });
  const also = everybody ? 'all' : (request.also ?? []);
  const isWindowed = await scope(database, catalog, before, { also, onStep });
  const parts = await partsOf(database, before, { isWindowed, most: computing.waveRecords });
  const isPutBy = parts.length > 0;
  if (isPutBy) {
    const beside = async (isByDays: boolean): Promise<readonly string[]> => {
      if (!plan.dates) return [];
      await keepRecords(database, { kept, directory, isWindowed: isByDays });
      return ['kept_records'];
    };
    const { folder = wavesFolder({ directory, batchId, now }) } = computing;
    await modelInParts(database, catalog, parts, { before, plan, folder, beside });
    if (plan.dates) await keepObjects(database);
  } else await model(database, catalog, before, { plan, isWindowed });
  onStep('modelled');
  return { isWindowed, isPutBy };
}
