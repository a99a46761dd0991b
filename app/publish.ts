import type { BatchRuntime, BatchSummary } from './batch.ts';
import { type Elsewhere, startElsewhere } from './elsewhere.ts';
import { WellspringError } from './errors.ts';
import { transform, type TransformOptions } from './transform.ts';

/** Publishes what is stored, or starts the workflow that does: its figures come later. With `all`, whatever date it was stored on. */
export async function publish(
  runtime: BatchRuntime,
  options: TransformOptions = {},
): Promise<BatchSummary | Elsewhere> {
  const { workflow } = runtime;
  if (workflow === undefined) return transform(runtime, options);
  const found = await startElsewhere(runtime, workflow, { patiently: false, all: options.all });
  if (found !== undefined) return found;
  // Models may have changed since the last run: somebody who asks gets one.
  return { workflow: await workflow.start(), objects: 0, oldest_s: 0 };
}

/** Makes sure that the tables know everything stored. Throws `tables_behind` (503) where a workflow has to run first: it was started. */
export async function publishAll(runtime: BatchRuntime): Promise<void> {
  const { workflow } = runtime;
  if (workflow === undefined) return void (await transform(runtime, { all: true }));
  if ((await startElsewhere(runtime, workflow, { patiently: false, all: true })) === undefined) return;
  throw new WellspringError({
    code: 'tables_behind',
    message: 'The tables do not know everything stored yet; a run of the workflow brings them up to it.',
    remedy: 'Nothing has to be done: it goes on by itself within 15 minutes.',
    status: 503,
    exit: 4,
  });
}

/** In words for whoever asked. */
export function elsewhereWords({ workflow, objects }: Elsewhere): string {
  const stored = objects === 0 ? 'Everything stored is published' : `${objects} objects are stored and not published`;
  const said = {
    started: 'a run of the workflow was started, and takes some minutes',
    running: 'a run of the workflow is active; what it does not take is the next one’s',
    waiting: 'the batch rule starts the workflow when its window is over',
  };
  return `${stored}; ${said[workflow]}.`;
}
