import * as z from 'zod';
import { doCollect } from '../app/work.ts';
import { readEnvironment } from './environment.ts';
import { fetchAsked, messages } from './events.ts';
import { takeMessages } from './messages.ts';
import { fetchingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('collect');
/** For one place within a provider's limits: what has to wait longer is noted and comes by itself. */
const maxWaitMs = 20_000;

/** Fetches what notices, new connections and people ask for, from the work queue; at six in the morning everything. */
export const handler = task({
  name: 'collect',
  event: z.union([messages, fetchAsked]),
  open: () => fetchingOf('collect', environment),
  work: async (runtime, event, signal) => {
    if ('Records' in event) return takeMessages(runtime, event.Records, signal);
    return doCollect(runtime, event, { signal, maxWaitMs });
  },
});
