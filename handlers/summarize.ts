import { alertDue } from '../app/alerts.ts';
import { sendDue } from '../app/send-due.ts';
import { readEnvironment } from './environment.ts';
import { nothing } from './events.ts';
import { mailingOf } from './runtime.ts';
import { task } from './task.ts';

const environment = readEnvironment('summarize');

/** Sends the morning text to everybody for whom seven o'clock has passed, once a day, and tells of what is new. */
export const handler = task({
  name: 'summarize',
  event: nothing,
  open: async () => mailingOf(environment),
  work: async (runtime, _, signal) => ({ sent: await sendDue(runtime), alerts: await alertDue(runtime, signal) }),
});
