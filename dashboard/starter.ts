import type { Context } from 'hono';
import type { ConnectingRuntime } from '../app/connect.ts';
import { readTicket } from '../app/connect/ticket.ts';
import { WellspringError } from '../app/errors.ts';
import { isOwnOrigin } from '../app/own-origin.ts';
import { maySee } from '../app/session.ts';
import type { SignIn } from '../app/sign-in.ts';
import { SECRET } from './browser.ts';
import { toSignIn } from './door.ts';

/** In an address: the sign-in led here, which any site may have sent the owner to. Whoever adds it is only asked once more. */
export const LED = 'led';

/** Whom connecting is started for, and the ticket it is started with. */
export interface Starter {
  readonly userId: string;
  readonly ticket?: string;
  /** The owner was led here by something else than a page of ours, and has to say first that this person is meant. */
  readonly isLed?: boolean;
}

/** A ticket's person, or one the signed-in viewer may see; undefined when nobody is signed in. Throws `ticket_over`, `missing_user`, `forbidden`. */
export async function starter(
  c: Context,
  runtime: ConnectingRuntime,
  signIn: SignIn,
  provider: string,
): Promise<Starter | undefined> {
  const given = c.req.query('ticket');
  if (given !== undefined) {
    const ticket = SECRET.test(given) ? await readTicket(runtime, provider, given) : undefined;
    if (ticket !== undefined) return { userId: ticket.userId, ticket: ticket.id };
    const remedy = 'It works for ten minutes, until it has connected something. Ask for another.';
    throw refuse(401, 'ticket_over', 'This address has ended.', remedy);
  }
  const found = await signIn.identify(c);
  if (!found.ok) return undefined;
  const self = found.viewer.role === 'person' ? found.viewer.userId : undefined;
  const userId = c.req.query('user_id') ?? self;
  if (userId === undefined) {
    throw refuse(400, 'missing_user', 'Nobody was named.', 'Start from the connections of a person.');
  }
  const isLed = c.req.query(LED) !== undefined || !isFromOurs(c, runtime.publicUrl);
  if (maySee(found.viewer, userId)) return { userId, isLed: userId !== self && isLed };
  throw refuse(403, 'forbidden', 'That person is not you.', 'Start from your own connections.');
}

/**
 * Whether a page of ours led here. A browser says so itself (Fetch Metadata); one that does not yet, and a program, may send nothing
 * at all, because our pages tell nobody where a link was (`Referrer-Policy`).
 */
function isFromOurs(c: Context, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const { origin, referer } = c.req.header();
  const from = [origin, referer].filter((one) => one !== undefined);
  return from.every((one) => URL.canParse(one) && isOwnOrigin(new URL(one).origin, c.req.url, publicUrl));
}

/** Without a session: a browser is sent to the sign-in and comes back, a program is told. Throws `not_signed_in`. */
export function signInFirst(c: Context): Response {
  if ((c.req.header('accept') ?? '').includes('text/html')) return toSignIn(c);
  throw refuse(401, 'not_signed_in', 'Connecting needs a session.', 'Sign in, or use an invitation.');
}

function refuse(status: 400 | 401 | 403, code: string, message: string, remedy: string): WellspringError {
  return new WellspringError({ status, code, message, remedy, exit: 3 });
}
