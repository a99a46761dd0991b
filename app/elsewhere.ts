import type { ListedObject } from '../ports/objects/objects.ts';
import type { BatchRuntime } from './batch.ts';
import { WellspringError } from './errors.ts';
import { listNew, markListed } from './listing.ts';

/** What became of a batch that a workflow runs: nothing of it is published yet when this is told. */
export interface Elsewhere {
  /** `running`: a run was active already, and the next sweep looks again. `waiting`: what is stored is younger than the window of the batch rule. */
  readonly workflow: 'started' | 'running' | 'waiting';
  /** Stored and not published. */
  readonly objects: number;
  /** How long the oldest of them has waited, in seconds. */
  readonly oldest_s: number;
}

type Workflow = NonNullable<BatchRuntime['workflow']>;

const WINDOW_S = 900;

/**
 * Starts the workflow when something stored is not published: at once, or with `patiently` only what is older than the window, because younger
 * objects have their event. Undefined when everything is published. Measures `OldestUnpublishedSeconds`.
 */
export async function startElsewhere(
  runtime: BatchRuntime,
  workflow: Workflow,
  { patiently, all = false }: { readonly patiently: boolean; readonly all?: boolean | undefined },
): Promise<Elsewhere | undefined> {
  const { clock, batchWindowSeconds = WINDOW_S } = runtime;
  const listing = await listNew(runtime, all);
  const oldest_s = oldestSeconds(listing.objects, clock.now());
  runtime.measure?.('OldestUnpublishedSeconds', oldest_s);
  const found = { objects: listing.objects.length, oldest_s };
  // What is young is found by the next looks, too: where something always comes, all dates would else be looked through for ever.
  if (!listing.hasOld) await markListed(runtime, listing);
  if (found.objects === 0) return undefined;
  if (patiently && oldest_s < batchWindowSeconds) return { workflow: 'waiting', ...found };
  return { workflow: await workflow.start(), ...found };
}

/** Without a time of its own an object counts as stored when nobody remembers. */
function oldestSeconds(objects: readonly ListedObject[], nowMs: number): number {
  return objects.reduce((oldest, { storedAt = 0 }) => Math.max(oldest, Math.floor((nowMs - storedAt) / 1000)), 0);
}

/** What is asked for runs batches of its own, and here a workflow does. */
export function batchElsewhere(remedy = 'wellspring process --stack starts it.'): WellspringError {
  return new WellspringError({
    code: 'batch_elsewhere',
    message: 'Batches of this stack run in its workflow, not here.',
    remedy,
    status: 409,
    exit: 2,
  });
}
