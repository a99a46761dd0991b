import { transformSmall } from '../app/small.ts';
import { readEnvironment } from './environment.ts';
import { nothing } from './events.ts';
import { task } from './task.ts';
import { open } from './transform-runtime.ts';

const environment = readEnvironment('transform');

/** Called by the job of the workflow, which waits: one batch of the small engine. */
export const handler = task({
  name: 'transform',
  event: nothing,
  open: () => Promise.resolve(open(environment)),
  work: (runtime, _, signal) => transformSmall(runtime, signal),
});
