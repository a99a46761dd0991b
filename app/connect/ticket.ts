import { sha256Hex } from '../keys.ts';
import type { Runtime } from '../runtime.ts';
import { FLOW_MS } from './flow.ts';

/** However often it is refused and tried again, a ticket ends this long after it was made. */
const LONGEST_MS = 3 * FLOW_MS;

/** What became of a ticket's flow: the connection, or the code of what stood in the way. */
export type Outcome =
  | { readonly ok: true; readonly connection_id: string }
  | { readonly ok: false; readonly code: string };

/** A leave to connect one provider for one person without a session, given on the command line; the secret itself is not kept. */
export interface Ticket {
  readonly provider: string;
  readonly user_id: string;
  readonly outcome: Outcome | null;
  /** Unix ms. */
  readonly made_at: number;
}

type TicketRuntime = Pick<Runtime, 'state' | 'clock' | 'ids'>;

/** Makes a ticket of ten minutes; `secret` goes into the start address. */
export async function makeTicket(
  runtime: TicketRuntime,
  for_: { readonly provider: string; readonly userId: string },
): Promise<{ readonly secret: string; readonly id: string }> {
  const secret = runtime.ids.secret(32);
  const id = sha256Hex(secret);
  const now = runtime.clock.now();
  const ticket: Ticket = { provider: for_.provider, user_id: for_.userId, outcome: null, made_at: now };
  await runtime.state.put('ticket', id, ticket, { expiresAt: now + FLOW_MS });
  return { secret, id };
}

/** The open ticket of a secret for this provider; undefined when it is unknown, over, or used up. */
export async function readTicket(
  runtime: Pick<Runtime, 'state'>,
  provider: string,
  secret: string,
): Promise<{ readonly id: string; readonly userId: string } | undefined> {
  const found = await runtime.state.get<Ticket>('ticket', sha256Hex(secret));
  if (found === undefined || found.value.provider !== provider || found.value.outcome?.ok === true) return undefined;
  return { id: found.id, userId: found.value.user_id };
}

/** Notes what became of it. A refusal leaves it open for ten minutes more, half an hour at the most: the person may start once more. */
export async function noteOutcome(runtime: TicketRuntime, id: string | null, outcome: Outcome): Promise<void> {
  if (id === null) return;
  const found = await runtime.state.get<Ticket>('ticket', id);
  if (found === undefined) return;
  const expiresAt = Math.min(runtime.clock.now() + FLOW_MS, found.value.made_at + LONGEST_MS);
  await runtime.state.put('ticket', id, { ...found.value, outcome }, { expect: found.version, expiresAt });
}

/** The ticket with an id; undefined when it is unknown or over. */
export async function ticketNamed(runtime: Pick<Runtime, 'state'>, id: string): Promise<Ticket | undefined> {
  return (await runtime.state.get<Ticket>('ticket', id))?.value;
}

export async function outcomeOf(runtime: Pick<Runtime, 'state'>, id: string): Promise<Outcome | null> {
  return (await ticketNamed(runtime, id))?.outcome ?? null;
}
