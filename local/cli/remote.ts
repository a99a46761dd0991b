import * as z from 'zod';
import { type ExitCode, WellspringError } from '../../app/errors.ts';
import type { Server } from '../stack/server.ts';

const problem = z.object({
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
});

/** What the same question to the data directory of this machine would end with, where the status does not tell. */
const EXITS: Readonly<Record<string, ExitCode>> = {
  nothing_to_explain: 1,
  no_such_row: 1,
  subject_conflict: 1,
  unknown_ticket: 9,
  export_too_large: 4,
  // The address leads somewhere else, or to an older server.
  not_found: 4,
};
/** Statuses that name another address. */
const MOVED: readonly number[] = [301, 302, 303, 307, 308];
/** Wrong usage, whoever tells it. */
const USAGE: readonly number[] = [400, 404, 409, 413];

export interface Question {
  readonly parameters?: Readonly<Record<string, string | undefined>> | undefined;
  /** GET when absent. */
  readonly method?: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** JSON, or a form as it is. */
  readonly body?: object | FormData | URLSearchParams;
  /** In the place of the token: the cookie of a sign-in, which counts from pages of that origin alone. */
  readonly cookie?: string | undefined;
  /** `manual` answers a 3xx as it is; without it one is refused, because what is sent is meant for this server. */
  readonly redirect?: 'manual';
}

/** Sends a question to a server and answers what it says, whatever that is. Throws `bad_url` (exit 2), `no_server`, `server_moved` (exit 4). */
export async function send(server: Server, path: string, question: Question = {}): Promise<Response> {
  const { parameters = {}, method = 'GET', body, cookie, redirect } = question;
  const url = addressOf(server.url, path);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  const bearer = server.token === undefined ? {} : { authorization: `Bearer ${server.token}` };
  const proof = cookie === undefined ? bearer : { cookie, origin: url.origin };
  const typed = body === undefined || isForm ? {} : { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
  const init = { method, ...sent, headers: { ...proof, ...typed }, redirect: 'manual' } as const;
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new WellspringError({
      code: 'no_server',
      message: `No server answers at ${server.url}.`,
      remedy: 'Check the address and that the server runs.',
      exit: 4,
      cause,
    });
  });
  if (redirect === undefined && MOVED.includes(response.status)) throw moved(server, response);
  return response;
}

/** Asks a running server with the owner's token and answers its JSON of that shape; 401 and 403 are exit code 3, silence and answers of another shape 4. */
export async function ask<T>(server: Server, path: string, shape: z.ZodType<T>, question: Question = {}): Promise<T> {
  const response = await send(server, path, question);
  if (!response.ok) throw await refusalOf(response);
  const { data } = shape.safeParse(await response.json().catch(() => undefined));
  if (data === undefined) throw notOurs(server);
  return data;
}

/** What a server refused, as the same command would tell it here. */
export async function refusalOf(response: Response): Promise<WellspringError> {
  const { status } = response;
  const told = problem.safeParse(await response.json().catch(() => undefined)).data;
  const { code = 'server_refused', title = `The server answered ${status}.`, detail, remedy } = told ?? {};
  if (status === 401) {
    return new WellspringError({
      code,
      message: 'The server did not accept the token.',
      remedy: "Pass the owner's token of that server with --token or as WELLSPRING_TOKEN.",
      exit: 3,
    });
  }
  const said = { ...(detail !== undefined && { detail }), ...(remedy !== undefined && { remedy }) };
  const exit = status === 403 ? 3 : told !== undefined && USAGE.includes(status) ? 2 : 4;
  return new WellspringError({ ...said, code, message: title, exit: EXITS[code] ?? exit });
}

function notOurs({ url }: Server): WellspringError {
  return new WellspringError({
    code: 'not_wellspring',
    message: `${url} did not answer as a Wellspring server does.`,
    remedy: 'Check the address, and that the server is of the same version.',
    exit: 4,
  });
}

/** Only the origin is told: what is behind it may be a proof. */
function moved({ url }: Server, response: Response): WellspringError {
  const place = response.headers.get('location') ?? '';
  const origin = URL.canParse(place, url) ? new URL(place, url).origin : url;
  return new WellspringError({
    code: 'server_moved',
    message: `${url} sends elsewhere, and what is meant for it is not sent along.`,
    remedy: origin === url ? 'Check the address.' : `Try --url ${origin}.`,
    exit: 4,
  });
}

function addressOf(server: string, path: string): URL {
  if (/^https?:/i.test(server) && URL.canParse(server)) return new URL(`${server}${path}`);
  throw new WellspringError({
    code: 'bad_url',
    message: `${server} is no address of a server.`,
    remedy: 'Write it as http://127.0.0.1:8787.',
    exit: 2,
  });
}
