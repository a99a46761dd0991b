import { createGlueWorkflow } from '../ports/engine/glue.ts';
import { createRemoteEngine } from '../ports/engine/remote.ts';
import { createRuns } from '../ports/engine/runs.ts';
import { PortError } from '../ports/errors.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { ReadingsStore } from '../ports/readings/readings.ts';
import type { Warehouse } from '../ports/warehouse/warehouse.ts';
import type { Environment } from './environment.ts';

/** For a function without the right to ask the tables. */
const noTables: Warehouse = {
  run: () => Promise.reject(new PortError('not_here', 'This function asks no tables.')),
};

/** The batches of the stack, which run elsewhere: what starts them, what they left, and the copy that is brought up to them. */
export function batchesOf(
  { LAKE_BUCKET: bucket, WORKFLOW }: Pick<Environment<'sweep'>, 'LAKE_BUCKET' | 'WORKFLOW'>,
  {
    clock,
    readings,
    warehouse = noTables,
  }: { readonly clock: Clock; readonly readings: ReadingsStore; readonly warehouse?: Warehouse },
) {
  const runs = createRuns({ bucket, clock });
  const workflow = createGlueWorkflow({ workflow: WORKFLOW });
  return { runs, workflow, copy: { runs, readings }, engine: createRemoteEngine({ runs, warehouse, clock }) };
}
