import { afterBatch } from '../app/readings/published.ts';
import { createRuns } from '../ports/engine/runs.ts';
import { readEnvironment } from './environment.ts';
import { batchPublished } from './events.ts';
import { mailingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('readings');

/** After a batch: what it changed for pages and API, then the morning texts that waited for it, and what is new. */
export const handler = task({
  name: 'readings',
  event: batchPublished,
  open: async () => {
    const mailing = mailingOf(environment);
    const { clock, readings } = mailing;
    return { ...mailing, copy: { runs: createRuns({ bucket: environment.LAKE_BUCKET, clock }), readings } };
  },
  work: (runtime, { detail }, signal) => afterBatch(runtime, detail, signal),
});
