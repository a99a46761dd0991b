import type { Runtime } from '../runtime.ts';
import { sourceName } from '../source-name.ts';
import { type Connection, everyRecord } from '../tie.ts';
import type { Check, Finding } from './check.ts';
import { names } from './names.ts';

const STATES: Readonly<Record<Connection['state'], string>> = {
  active: 'connected',
  needs_reconnect: 'it needs to be connected again',
  revoked: 'access was taken back at the provider',
  deregistered: 'the account was unregistered at the provider',
  disconnected: 'ended',
};

/** Connections through which nothing more can be fetched until a person does something. */
export const connections: Check<Pick<Runtime, 'state'>> = {
  id: 'connection',
  required: false,
  async run({ state }) {
    const tied = (await everyRecord(state)).filter((connection) => connection.state !== 'disconnected');
    const ended = tied.filter((connection) => connection.state !== 'active');
    if (ended.length === 0)
      return tied.length === 0 ? [] : [{ ok: true, detail: `${tied.length} connections, all active.` }];
    const nameOf = await names({ state });
    return ended.map(({ connection_id: id, provider, user_id: userId, cause, state: now }): Finding => {
      const { told, typed } = nameOf(userId);
      return {
        ok: false,
        of: id,
        detail: `${sourceName(provider)} of ${told}: ${STATES[now]}${cause === null ? '' : ` (${cause})`}.`,
        remedy: `wellspring connect ${provider} --user ${typed}`,
      };
    });
  },
};
