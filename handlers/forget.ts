import * as z from 'zod';
import { settleAddresses } from '../app/addresses.ts';
import { resumeForgetting } from '../app/forget.ts';
import { dropUnclaimed } from '../app/unclaimed.ts';
import { doForget } from '../app/work.ts';
import { readEnvironment } from './environment.ts';
import { forgetAsked, nothing } from './events.ts';
import { openForget } from './forget-runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('forget');

/** Forgets whoever asked for it; every 15 minutes goes on with what is open, and deletes what nobody has connected. */
export const handler = task({
  name: 'forget',
  event: z.union([forgetAsked, nothing]),
  open: () => openForget(environment),
  work: async (runtime, event, signal) => {
    if ('detail' in event) return doForget({ ...runtime, signal }, event.detail.work);
    try {
      await resumeForgetting({ ...runtime, signal }, runtime.premises);
    } finally {
      try {
        await dropUnclaimed(runtime);
      } finally {
        await settleAddresses(runtime);
      }
    }
  },
});
