import * as z from 'zod';
import { WellspringError } from '../../app/errors.ts';

const problem = z.object({ code: z.string(), detail: z.string().optional(), title: z.string().optional() });

/** Asks a running server with the owner's token; 401 and 403 are exit code 3, silence and other answers 4. */
export async function ask(
  server: { readonly url: string; readonly token: string | undefined },
  path: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<unknown> {
  const url = new URL(`${server.url}${path}`);
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
  throw new WellspringError({
    code: told?.code ?? 'server_refused',
    message: denied
      ? 'The server did not accept the token.'
      : (told?.detail ?? told?.title ?? `The server answered ${response.status}.`),
    ...(denied && { remedy: "Pass the owner's token of that server with --token." }),
    exit: denied ? 3 : 4,
  });
}
