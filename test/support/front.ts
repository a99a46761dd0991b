import { createOAuthClients } from '../../app/connect/setup.ts';
import { addUser } from '../../app/people.ts';
import { createDashboard } from '../../dashboard/pages.tsx';
import type { WellspringEvent } from '../../ports/bus/bus.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { readEnvelope } from '../../app/envelope.ts';
import { keysOf } from './door.ts';
import { ORIGIN, OWNER_TOKEN, openPages } from './pages.ts';

const CLIENT_SECRET = 'a-client-secret-nobody-sees';

const settings = () => ({ clientId: 'our-client', clientSecrets: [new Secret(CLIENT_SECRET)] });

/** One browser: what it holds in cookies, and what it gets. */
export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, form?: Record<string, string>): Promise<Response>;
  readonly cookies: Map<string, string>;
}

/** Starts a flow; answers the provider's address it leads to, and the state in it. */
async function begin(one: Browser, provider: string, userId: string): Promise<{ state: string; address: URL }> {
  const started = await one.get(`/oauth/${provider}/start?user_id=${userId}`);
  const address = new URL(started.headers.get('location') ?? 'about:blank');
  return { state: address.searchParams.get('state') ?? '', address };
}

/** The pages with two people, every provider's app set up, and browsers to look at them with. */
export async function openFront() {
  const pages = openPages();
  const events: WellspringEvent[] = [];
  const runtime = {
    ...pages.runtime,
    // Flows begin together in some tests: their secrets must not come from one seed.
    ids: createRandomIds(),
    settings,
    oauthClient: createOAuthClients({ settings, clock: pages.clock }),
    bus: {
      publish: async (all: readonly WellspringEvent[]) => all.map((one) => (events.push(one), { ok: true as const })),
    },
  };
  const app = createDashboard(runtime);
  const anna = await addUser(runtime, { name: 'Anna' });
  const ben = await addUser(runtime, { name: 'Ben' });

  const browser = (): Browser => {
    const cookies = new Map<string, string>();
    const send = async (path: string, init: { method?: string; body?: string; headers: Record<string, string> }) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await app.request(`${ORIGIN}${path}`, {
        ...init,
        headers: { cookie, accept: 'text/html', ...init.headers },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return response;
    };
    return {
      cookies,
      get: (path, headers = {}) => send(path, { headers }),
      post: (path, form = {}) =>
        send(path, {
          method: 'POST',
          body: new URLSearchParams(form).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
        }),
    };
  };
  /** A browser in which the owner has signed in. */
  const owner = async (): Promise<Browser> => {
    const one = browser();
    await one.post('/signin', { token: OWNER_TOKEN, next: '/' });
    return one;
  };
  /** The facts about connections, oldest first. */
  const facts = async () => {
    const keys = (await keysOf(runtime.objects, 'raw/')).filter((key) => key.includes('/connection-'));
    const documents = await Promise.all(keys.map((key) => runtime.objects.get(key)));
    const data = documents.map((one): unknown => JSON.parse(readEnvelope(one ?? new Uint8Array()).data));
    return data
      .filter((one): one is { sequence: number } => typeof one === 'object' && one !== null && 'sequence' in one)
      .toSorted((a, b) => a.sequence - b.sequence);
  };
  const changes = () => events.flatMap((one) => (one.detailType === 'Connection Changed' ? [one.detail.change] : []));
  return { runtime, clock: pages.clock, app, anna, ben, browser, owner, begin, facts, changes, events };
}
