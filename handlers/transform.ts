import { transformSmall } from '../app/small.ts';
import { readEnvironment } from './environment.ts';
import { batchAsked } from './events.ts';
import { task } from './task.ts';
import { open } from './transform-runtime.ts';

const environment = readEnvironment('transform');

/** Called by the job of the workflow, which waits: one batch of the small engine, or what a rebuild would change. */
export const handler = task({
  name: 'transform',
  event: batchAsked,
  open: () => Promise.resolve(open(environment)),
  work: (runtime, { rebuild }, signal) => transformSmall(runtime, { rebuild, signal }),
});
