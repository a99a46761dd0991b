import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { listen } from '../../local/listen.ts';
import { hangUp } from '../../local/sandbox/server/hang-up.ts';
import type { SandboxOptions } from '../../local/sandbox/server/options.ts';
import { createSandbox, type Sandbox } from '../../local/sandbox/server/sandbox.tsx';
import type { Environment } from '../../local/environment.ts';

/** One request to a simulated provider. */
export interface Call {
  readonly provider: string;
  /** What a request is about, as far as its address and form tell. */
  readonly kind: 'code' | 'refresh' | 'data';
  /** Path and query, without the provider. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What stands between the product and the providers; does nothing until a test says so. */
export interface Interference {
  /** Answers in the provider's place, or breaks the line before the provider has heard anything. */
  before: (call: Call) => Promise<Response | 'hang up' | undefined>;
  /** The provider has acted; its answer is not sent yet. */
  after: (call: Call) => Promise<void>;
}

export interface Providers extends Sandbox {
  readonly watch: Interference;
  /** `<PROVIDER>_BASE_URL` of each. */
  readonly environment: Environment;
  readonly baseUrl: (provider: string) => string;
  end(): void;
}

/** The simulated providers behind an address of this machine, with a hand between them and the product; `end` closes them. */
export async function openProviders(options: SandboxOptions): Promise<Providers> {
  const sandbox = createSandbox(options);
  const watch: Interference = { before: async () => undefined, after: async () => undefined };
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  app.all('*', async (c) => {
    const call = await callOf(c.req.raw.clone());
    const instead = await watch.before(call);
    if (instead === 'hang up') return hangUp(c);
    if (instead !== undefined) return instead;
    const answer = await sandbox.app.fetch(c.req.raw, c.env);
    await watch.after(call);
    return answer;
  });
  const { server, url } = await listen(app, { port: 0, host: '127.0.0.1' });
  const ids = Object.keys(options.credentials);
  return {
    ...sandbox,
    watch,
    baseUrl: (provider) => `${url}/${provider}`,
    environment: Object.fromEntries(ids.map((id) => [`${id.toUpperCase()}_BASE_URL`, `${url}/${id}`])),
    end() {
      sandbox.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function callOf(request: Request): Promise<Call> {
  const { pathname, search } = new URL(request.url);
  const [, provider = '', ...rest] = pathname.split('/');
  const body = await request.text();
  const grantType = new URLSearchParams(body).get('grant_type');
  const kind = grantType === 'refresh_token' ? 'refresh' : grantType === null ? 'data' : 'code';
  return { provider, kind, path: `/${rest.join('/')}${search}`, headers: request.headers, body };
}
