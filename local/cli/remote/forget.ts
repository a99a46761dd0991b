import * as z from 'zod';
import type { Receipt } from '../../../app/forget/receipt.ts';
import type { Server } from '../../stack/server.ts';
import { ask } from '../remote.ts';
import { withSession } from './session.ts';
import { until } from './until.ts';

const LOOK_MS = 1000;
/** In a stack the tables are rewritten by a job, after a run of the workflow that may have to go first. */
const LONGEST_MS = 90 * 60_000;

const begun = z.object({ receipt_url: z.string() });
const answer = z.object({
  receipt: z.object({
    user_id: z.string(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    places: z.array(z.object({ place: z.string(), removed: z.number(), gone: z.string() })),
    providers: z.array(
      z.object({
        provider: z.string(),
        connection_id: z.string(),
        outcome: z.enum(['told', 'by_hand', 'later', 'given_up', 'untold']),
      }),
    ),
    found: z.record(z.string(), z.number()).nullable(),
  }),
});

interface Whom {
  readonly user_id: string;
  readonly name: string;
}

/** Has a server forget somebody; answers the address of the receipt, which goes on counting when nobody waits. */
export async function beginForgetting(server: Server, { user_id, name }: Whom): Promise<string> {
  const question = { method: 'DELETE', body: { confirm: name } } as const;
  return withSession(server, async (cookie) => {
    const path = `/api/v1/users/${encodeURIComponent(user_id)}`;
    return (await ask(server, path, begun, { ...question, cookie })).receipt_url;
  });
}

/** The receipt at such an address, once everything is gone; `timed_out` (exit 9) when that takes more than an hour and a half. */
export async function awaitReceipt(server: Server, address: string, signal: AbortSignal): Promise<Receipt> {
  const look = async () => {
    // The address is the proof; a token has no business there.
    const { receipt } = await ask({ ...server, token: undefined }, new URL(address).pathname, answer);
    return receipt.finished_at === null ? undefined : receipt;
  };
  return until(look, {
    everyMs: LOOK_MS,
    forMs: LONGEST_MS,
    signal,
    message: 'It has begun and is not finished yet.',
    remedy: 'It goes on by itself; the address of the receipt says when it is done.',
  });
}
