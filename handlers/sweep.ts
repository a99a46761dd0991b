import { repair } from '../app/sweep.ts';
import { createDynamoReadings } from '../ports/readings/dynamodb.ts';
import { batchesOf } from './batches.ts';
import { readEnvironment } from './environment.ts';
import { nothing } from './events.ts';
import { tell } from './problem.ts';
import { fetchingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('sweep');
const { STATE_TABLE: table, BATCH_WINDOW_SECONDS: batchWindowSeconds } = environment;

/** Every 15 minutes: whatever no event told. */
export const handler = task({
  name: 'sweep',
  event: nothing,
  open: async () => {
    const fetching = await fetchingOf('sweep', environment);
    const { clock } = fetching;
    const batches = batchesOf(environment, { clock, readings: createDynamoReadings({ table, clock }) });
    return { ...fetching, ...batches, batchWindowSeconds };
  },
  work: async (runtime, _, signal) => {
    const { problems } = await repair(runtime, { signal });
    for (const { doing, error } of problems) tell(doing, error);
    // The alarm of the function counts failed calls; all other parts were done, and the next round does this one again.
    if (problems.length > 0) throw problems[0]?.error;
  },
});
