import type { Runtime } from '../runtime.ts';
import { everyRecord } from '../tie.ts';
import type { Check, Finding } from './check.ts';

/** Connections through which nothing more can be fetched until a person does something. */
export const connections: Check<Pick<Runtime, 'state'>> = {
  id: 'connection',
  required: false,
  async run({ state }) {
    const tied = (await everyRecord(state)).filter((connection) => connection.state !== 'disconnected');
    const ended = tied.filter((connection) => connection.state !== 'active');
    if (ended.length === 0)
      return tied.length === 0 ? [] : [{ ok: true, detail: `${tied.length} connections, all active.` }];
    return ended.map(({ connection_id: id, provider, user_id: user, cause, state: now }): Finding => ({
      ok: false,
      of: id,
      detail: `${provider} of ${user} is ${now.replace('_', ' ')}${cause === null ? '' : ` (${cause})`}.`,
      remedy: `wellspring connect ${provider} --user ${user}`,
    }));
  },
};
