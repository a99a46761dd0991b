import { Hono, type Context } from 'hono';
import { answer, type Dialect } from '../api.ts';
import type { LineEnv } from '../hang-up.ts';
import type { Simulation } from '../simulation.ts';
import { exchange, type TokenDialect } from '../token.ts';
import type { World } from '../world.ts';
import { problem } from './answer.ts';
import { personalInfo, serveCollection } from './data.ts';
import { noticesOf, riddleOf } from './notice.ts';
import { choicesOf } from './scope.ts';
import { createSubscriptions } from './subscription.ts';

const MINUTE_S = 60;
/** Ten tries over about an hour. */
const SCHEDULE = [0, 10, 30, 60, 120, 300, 600, 600, 900, 900];

const tokens: TokenDialect = {
  provider: 'oura',
  accessLifeS: 86_400,
  // Single use: the old one dies at once, and who shows it again loses the grant.
  graceS: 0,
  reuseRevokes: true,
  given: ({ access, refresh }, expires_in) =>
    Response.json({ token_type: 'bearer', access_token: access, expires_in, refresh_token: refresh }),
  refused: (error) => Response.json({ error }, { status: error === 'invalid_client' ? 401 : 400 }),
  unavailable: () =>
    Response.json({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': '1' } }),
};

/** Oura, as its API v2 behaves. */
export function simulateOura(world: World): Simulation {
  const routes = new Hono<LineEnv>();
  const subscriptions = createSubscriptions(world);
  const dialect: Dialect = {
    provider: 'oura',
    takenAway: 'workout',
    limit: world.limit('oura', { requests: 5000, windowS: 5 * MINUTE_S }),
    unauthorised: () => problem(401, 'The token is not accepted.'),
    limited: (retryAfterS, { requests, windowS }, nowS) =>
      Response.json(
        { detail: 'Too many requests.' },
        {
          status: 429,
          headers: {
            'retry-after': String(retryAfterS),
            'x-ratelimit-limit': String(requests),
            'x-ratelimit-window': String(windowS),
            'x-ratelimit-reset': String(nowS + retryAfterS),
            'x-ratelimit-tier': 'app',
          },
        },
      ),
    failed: () => problem(500, 'Something went wrong.'),
  };

  routes.post('/oauth/token', (c) => exchange(c, world, tokens));
  routes.post('/oauth/revoke', (c) => {
    const grant = world.ledger.bearer('oura', c.req.query('access_token') ?? '');
    if (grant !== undefined) grant.revoked = true;
    const status = grant === undefined ? 401 : 200;
    world.log.add({ provider: 'oura', direction: 'in', what: 'revoke', status });
    return new Response(null, { status });
  });
  routes.get('/v2/usercollection/personal_info', (c) =>
    answer(c, world, dialect, {
      stream: 'personal_info',
      serve: (grant) => {
        const holding = world.horizon.find('oura', grant.externalId);
        return holding === undefined ? problem(404, 'Nobody.') : personalInfo(holding, grant);
      },
    }),
  );
  const collection = (c: Context<LineEnv>, path: string, id?: string): Promise<Response> => {
    const query = c.req.query();
    const { start_date, start_datetime, next_token = '' } = query;
    const stream = `${path} ${id ?? start_date ?? start_datetime ?? ''} ${next_token}`.trim();
    const serve: Parameters<typeof answer>[3]['serve'] = (grant, fault) =>
      serveCollection(world, { path, id, query }, grant, fault);
    return answer(c, world, dialect, { stream, serve });
  };
  routes.get('/v2/usercollection/:type', (c) => collection(c, c.req.param('type')));
  routes.get('/v2/usercollection/:type/:id', (c) => collection(c, c.req.param('type'), c.req.param('id')));

  const base = '/v2/webhook/subscription';
  routes.use(`${base}/*`, async (c, next) => {
    const client = world.options.credentials['oura'];
    const isClient =
      c.req.header('x-client-id') === client?.clientId && c.req.header('x-client-secret') === client?.clientSecret;
    if (isClient) await next();
    else c.res = problem(401, 'Client id and secret are not accepted.');
    const what = `${c.req.method} subscription`;
    world.log.add({ provider: 'oura', direction: 'in', what, status: c.res.status });
  });
  routes.get(base, () => subscriptions.list());
  routes.post(base, (c) => subscriptions.create(c));
  routes.put(`${base}/renew/:id`, (c) => subscriptions.renew(c.req.param('id')));
  routes.get(`${base}/:id`, (c) => subscriptions.get(c.req.param('id')));
  routes.put(`${base}/:id`, (c) => subscriptions.change(c, c.req.param('id')));
  routes.delete(`${base}/:id`, (c) => subscriptions.remove(c.req.param('id')));

  return {
    id: 'oura',
    name: 'Oura',
    consent: {
      path: '/oauth/authorize',
      choices: choicesOf,
      pkce: false,
      codeLifeS: 10 * MINUTE_S,
      tell: (scopes) => ({ scope: scopes.join(' ') }),
    },
    routes,
    schedule: SCHEDULE,
    announce: (changes) => noticesOf(world, changes, subscriptions),
    farewell: () => [],
    riddle: ({ externalId }) => riddleOf(world, externalId, subscriptions),
    subscriptions: () => subscriptions.running().map((row) => `${row.event_type} ${row.data_type}`),
  };
}
