import { WellspringError } from '../../../app/errors.ts';
import type { Server } from '../../stack/server.ts';
import { send } from '../remote.ts';

/** Signs in as the owner, as a browser does, for what a token alone may not do: `work` gets the cookie, and the session ends with it. */
export async function withSession<T>(server: Server, work: (cookie: string) => Promise<T>): Promise<T> {
  const cookie = await signIn(server);
  try {
    return await work(cookie);
  } finally {
    // One that stays ends by itself.
    await send(server, '/signout', { method: 'POST', cookie, redirect: 'manual' }).catch(() => undefined);
  }
}

async function signIn(server: Server): Promise<string> {
  const body = new URLSearchParams({ token: server.token ?? '', next: '/' });
  const answer = await send(server, '/signin', { method: 'POST', body, cookie: '', redirect: 'manual' });
  await answer.arrayBuffer();
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
  if (answer.status === 303 && cookies.length > 0) return cookies.join('; ');
  const { code, message, remedy, exit } = REFUSED[answer.status] ?? NO_SESSION;
  throw new WellspringError({ code, message, remedy, exit });
}

const NO_SESSION = {
  code: 'server_refused',
  message: 'The server did not open a session.',
  remedy: 'Check the address: it has to be that of a Wellspring server.',
  exit: 4,
} as const;

const REFUSED: Readonly<Record<number, { code: string; message: string; remedy: string; exit: 3 | 4 }>> = {
  401: {
    code: 'not_signed_in',
    message: 'The server did not accept the token.',
    remedy: "Pass the owner's token of that server with --token or as WELLSPRING_TOKEN.",
    exit: 3,
  },
  403: {
    code: 'not_private',
    message: 'Plain http to another machine: the token could be read on the way.',
    remedy: 'Use https, or run it on the machine itself.',
    exit: 3,
  },
  429: {
    code: 'too_many_attempts',
    message: 'There were too many wrong tokens.',
    remedy: 'Wait a minute.',
    exit: 4,
  },
};
