import { WellspringError } from '../../app/errors.ts';

/** A browser in which the owner has signed in. */
export interface Visitor {
  /** Connects a person the way a browser does; `consent` answers the address the provider sends back to. Answers the connection's id. */
  connect(provider: string, userId: string, consent: (address: string) => Promise<string>): Promise<string>;
}

/** What is in the way may be gone a moment later: a person would try again too. */
const TRIES = 6;

/** Signs in at `url`. Throws `demo_not_connected` where that, or connecting, comes to nothing. */
export async function visit(url: string, ownerToken: string): Promise<Visitor> {
  const cookies = new Map<string, string>();
  const go = async (to: string, form?: Record<string, string>): Promise<{ status: number; location: string }> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const post = form && { method: 'POST', body: new URLSearchParams(form) };
    const headers = { cookie, accept: 'text/html', ...(form && { origin: url }) };
    const answer = await fetch(new URL(to, url), { redirect: 'manual', headers, ...post });
    await answer.arrayBuffer();
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return { status: answer.status, location: answer.headers.get('location') ?? '' };
  };

  const signedIn = await go('/signin', { token: ownerToken, next: '/' });
  if (signedIn.status !== 303) throw notConnected('the sign-in', signedIn.status);
  return {
    async connect(provider, userId, consent) {
      let last = 0;
      for (let n = 0; n < TRIES; n += 1) {
        const { location } = await go(`/oauth/${provider}/start?user_id=${userId}`);
        const { status, location: end } = await go(await consent(location));
        const [, connectionId] = /^\/connected\/(c_\w+)$/.exec(end) ?? [];
        if (connectionId !== undefined) return connectionId;
        last = status;
      }
      throw notConnected(`connecting ${provider}`, last);
    },
  };
}

function notConnected(doing: string, status: number): WellspringError {
  return new WellspringError({
    code: 'demo_not_connected',
    message: `The demo did not get past ${doing}: it was answered ${status}.`,
    remedy: 'Run it again; if it stays so, the server on this directory is not well.',
    exit: 1,
  });
}
