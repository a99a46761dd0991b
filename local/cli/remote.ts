import * as z from 'zod';
import { type ExitCode, WellspringError } from '../../app/errors.ts';

const problem = z.object({
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
});

/** What the same question to the data directory of this machine would end with, by the server's code. */
const EXITS: Readonly<Record<string, ExitCode>> = {
  unknown_user: 2,
  ambiguous_user: 2,
  invalid_query: 2,
  nothing_to_explain: 1,
};

/** Asks a running server with the owner's token; 401 and 403 are exit code 3, silence and answers of its own 4. */
export async function ask(
  server: { readonly url: string; readonly token: string | undefined },
  path: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<unknown> {
  const url = addressOf(server.url, path);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, {
    headers: server.token === undefined ? {} : { authorization: `Bearer ${server.token}` },
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new WellspringError({
      code: 'no_server',
      message: `No server answers at ${server.url}.`,
      remedy: 'Check the address and that the server runs.',
      exit: 4,
      cause,
    });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const told = problem.safeParse(body).data;
  const denied = response.status === 401 || response.status === 403;
  const { code = 'server_refused', title = `The server answered ${response.status}.`, detail, remedy } = told ?? {};
  if (!denied) {
    const said = { ...(detail !== undefined && { detail }), ...(remedy !== undefined && { remedy }) };
    throw new WellspringError({ ...said, code, message: title, exit: EXITS[code] ?? 4 });
  }
  throw new WellspringError({
    code,
    message: 'The server did not accept the token.',
    remedy: "Pass the owner's token of that server with --token.",
    exit: 3,
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
