import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { createConsent } from './consent.tsx';
import { Frame, headersFor, style } from './frame.tsx';
import { simulateGarmin } from './garmin/garmin.ts';
import type { LineEnv } from './hang-up.ts';
import type { Horizon } from './horizon.ts';
import type { Grant, Ledger } from './ledger.ts';
import type { Log } from './log.ts';
import type { SandboxOptions } from './options.ts';
import { simulateOura } from './oura/oura.ts';
import { OverviewPage } from './page.tsx';
import { createPost, type Sent } from './post.ts';
import { isPress, PRESSES } from './press.ts';
import type { Notice } from './simulation.ts';
import { simulateWithings } from './withings/withings.ts';
import { createWorld } from './world.ts';

const DAY_S = 86_400;
const SILENT_DAYS = 3;

/** The simulated providers behind one address: each below `/<provider>`, a page about them all at `/`. */
export interface Sandbox {
  /** Serve it with `listen`: some faults break the line, which an app alone cannot. */
  readonly app: Hono<LineEnv>;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly horizon: Horizon;
  /** From now on the providers hold what becomes known up to `untilS` (Unix s), and tell whoever asked to be told. */
  release(untilS: number): Promise<Sent>;
  /** Sends notices that are late, and all of them again where that is the fault. */
  rest(): Promise<Sent>;
  /** What a person does on the consent page; answers the address they are sent back to. Throws where they are not. */
  consent(
    provider: string,
    authorizeUrl: string,
    externalId: string,
    choice?: { readonly scopes?: readonly string[]; readonly deny?: boolean },
  ): Promise<string>;
  /** A person takes the consent back at the provider, which tells it where it has a word for it. */
  revoke(provider: string, externalId: string): Promise<Sent>;
  /** Enters the address for Garmin's pings, as in its portal. */
  enter(url: string): void;
  /** Wakes whoever still waits. */
  close(): void;
}

/** Builds the providers that have credentials. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const world = createWorld(options);
  const { ledger, horizon, log, trouble } = world;
  const post = createPost(world);
  const garmin = simulateGarmin(world, {
    // Never while a request is being answered: the answer is not waited for.
    send: (notices) => void options.clock.sleep(0).then(() => post.send(notices, garmin.schedule)),
  });
  const simulations = [simulateWithings(world), simulateOura(world), garmin].filter(
    ({ id }) => id in options.credentials,
  );
  const simulation = (id: string) => simulations.find((one) => one.id === id);
  const grantOf = (provider: string, externalId: string): Grant | undefined =>
    ledger.grants(provider).find((grant) => grant.externalId === externalId);

  async function sendAll(notices: (one: (typeof simulations)[number]) => readonly Notice[]): Promise<Sent> {
    const sent = await Promise.all(simulations.map((one) => post.send(notices(one), one.schedule)));
    const sum = (of: (one: Sent) => number): number => sent.reduce((total, one) => total + of(one), 0);
    return { notices: sum((one) => one.notices), tries: sum((one) => one.tries), lost: sum((one) => one.lost) };
  }

  async function release(untilS: number): Promise<Sent> {
    for (const holding of horizon.holdings) {
      const account = `${holding.provider}/${holding.externalId}`;
      if (trouble.pick(['gone_silent'], account) !== undefined) horizon.silence(holding, Infinity);
    }
    const changes = horizon.advance(untilS);
    return sendAll((one) => {
      const told = one.announce(changes.filter(({ holding }) => holding.provider === one.id));
      const riddles = ledger.grants(one.id).flatMap((grant) => {
        const asked = trouble.pick(['unknown_type'], `${one.id}/${grant.externalId}`);
        return asked === undefined ? [] : (one.riddle(grant) ?? []);
      });
      return [...told, ...riddles];
    });
  }

  async function revoke(provider: string, externalId: string): Promise<Sent> {
    const grant = grantOf(provider, externalId);
    if (grant === undefined) return { notices: 0, tries: 0, lost: 0 };
    grant.revoked = true;
    return sendAll((one) => (one.id === provider ? one.farewell(grant) : []));
  }

  /** The next thing that is to become known, or the last notice once more. */
  async function pushNow(): Promise<void> {
    const times = horizon.holdings.flatMap(({ records }) => records.map(({ knownAtS }) => knownAtS));
    const next = times.filter((s) => s > horizon.nowS()).reduce((least, s) => Math.min(least, s), Infinity);
    await (Number.isFinite(next) ? release(next) : post.last());
  }

  const app = new Hono<LineEnv>();
  app.get('/style.css', style);
  app.use('/', headersFor());
  app.use('/press/*', headersFor(), csrf());
  app.get('/', (c) => c.html(<OverviewPage world={world} simulations={simulations} />));
  app.post('/press', async (c) => {
    await pushNow();
    return c.redirect('/', 303);
  });
  app.post('/press/:provider/:account', async (c) => {
    const { provider, account } = c.req.param();
    const grant = grantOf(provider, account);
    const press = (await c.req.formData()).get('press');
    const holding = horizon.find(provider, account);
    if (grant === undefined || holding === undefined || !isPress(press)) return c.notFound();
    log.add({ provider, direction: 'press', what: `${PRESSES[press].title}, account ${account}`, status: 0 });
    if (press === 'revoke') await revoke(provider, account);
    if (press === 'lose-token') ledger.loseAccess(grant);
    if (press === 'go-silent') horizon.silence(holding, horizon.nowS() + SILENT_DAYS * DAY_S);
    return c.redirect('/', 303);
  });
  for (const one of simulations) {
    app.route(`/${one.id}`, createConsent(world, one));
    app.route(`/${one.id}`, one.routes);
  }
  app.notFound((c) =>
    c.html(
      <Frame title="Nothing here">
        <p>No simulated provider answers here.</p>
      </Frame>,
      404,
    ),
  );

  return {
    app,
    ledger,
    log,
    horizon,
    release,
    rest: () => post.rest(),
    async consent(provider, authorizeUrl, externalId, { scopes, deny = false } = {}) {
      const { search, searchParams } = new URL(authorizeUrl);
      const path = `/${provider}${simulation(provider)?.consent.path ?? ''}`;
      const offered = simulation(provider)?.consent.choices(searchParams.get('scope') ?? undefined) ?? [];
      const form = new URLSearchParams({ account: externalId, decision: deny ? 'deny' : 'allow' });
      for (const scope of scopes ?? offered.map((one) => one.scope)) form.append('granted', scope);
      const answered = await app.request(`${path}${search}`, { method: 'POST', body: form });
      const location = answered.headers.get('location');
      if (location === null) throw new Error(`The consent page of ${provider} answered ${answered.status}.`);
      return location;
    },
    revoke,
    enter: (url) => garmin.enter(url),
    close: () => world.stop.abort(),
  };
}
