import * as z from 'zod';
import { FLOW_MS } from '../../../app/connect/flow.ts';
import type { Server } from '../../stack/server.ts';
import { ask } from '../remote.ts';
import { personOf } from './people.ts';
import { until } from './until.ts';

const LOOK_MS = 1000;

const ticket = z.object({ ticket_id: z.string(), url: z.string() });
const outcome = z.object({
  state: z.enum(['waiting', 'connected', 'refused']),
  code: z.string().nullable(),
  connection: z.looseObject({ external_id: z.string() }).nullable(),
  granted: z.array(z.string()),
  missing: z.array(z.string()),
});

/** Begins a connection at a server; `outcome` asks it until the browser is done, `timed_out` (exit 9) after ten minutes. */
export async function beginThere(server: Server, provider: string, idOrName: string, signal: AbortSignal) {
  const { user_id, name } = await personOf(server, idOrName);
  const path = `/api/v1/connect/${encodeURIComponent(provider)}`;
  const { ticket_id: id, url } = await ask(server, path, ticket, { method: 'POST', body: { user_id } });
  const look = async () => {
    const { state, code, connection, granted, missing } = await ask(server, `/api/v1/tickets/${id}`, outcome);
    if (state === 'waiting') return undefined;
    if (connection === null) return { ok: false as const, code: code ?? 'connection_gone' };
    return { ok: true as const, connection, granted, missing };
  };
  return {
    name,
    url,
    outcome: () =>
      until(look, {
        everyMs: LOOK_MS,
        forMs: FLOW_MS,
        signal,
        message: 'Nobody finished connecting within ten minutes.',
        remedy: 'Run it again.',
      }),
  };
}
