import { Hono } from 'hono';
import { answer, type Dialect } from '../api.ts';
import type { LineEnv } from '../hang-up.ts';
import { renamed, type ServedFault } from '../paging.ts';
import type { Notice, Simulation } from '../simulation.ts';
import { exchange, type TokenDialect } from '../token.ts';
import type { World } from '../world.ts';
import { createPings } from './notice.ts';
import { createBackfill, createCallbacks, error } from './wellness.ts';

const HISTORY = 'HISTORICAL_DATA_EXPORT';
const PERMISSIONS: Readonly<Record<string, string>> = {
  [HISTORY]: 'data from before today',
  ACTIVITY_EXPORT: 'activities',
  HEALTH_EXPORT: 'daily health statistics',
  WORKOUT_IMPORT: 'sending workouts to your watch',
  COURSE_IMPORT: 'sending courses to your watch',
  MCT_EXPORT: 'cycle tracking',
};
/** What did not arrive can be fetched again. */
const BROKEN: readonly ServedFault[] = ['truncated_body', 'reset_after_served', 'stall'];
/** Growing gaps. */
const SCHEDULE = [0, 5, 30, 120, 600, 3600];

const tokens: TokenDialect = {
  provider: 'garmin',
  accessLifeS: 86_400,
  graceS: 0,
  reuseRevokes: false,
  given: ({ access, refresh }, expires_in) =>
    Response.json({
      access_token: access,
      expires_in,
      token_type: 'bearer',
      refresh_token: refresh,
      scope: 'PARTNER_WRITE PARTNER_READ CONNECT_READ CONNECT_WRITE',
      jti: 'f9eb2316-9b9d-495a-8732-e16c4b5bcafd',
      refresh_token_expires_in: 7_775_998,
    }),
  refused: (reason) => Response.json({ error: reason }, { status: reason === 'invalid_client' ? 401 : 400 }),
  unavailable: () =>
    Response.json({ error: 'temporarily_unavailable' }, { status: 503, headers: { 'retry-after': '1' } }),
};

export interface GarminOptions {
  /** Sends what a request set going, after it was answered. */
  readonly send: (notices: readonly Notice[]) => void;
}

/** Garmin, as its Health API behaves, without the pushes of data. `enter` sets the address in the portal. */
export function simulateGarmin(world: World, { send }: GarminOptions): Simulation & { enter(url: string): void } {
  const { horizon } = world;
  const routes = new Hono<LineEnv>();
  const callbacks = createCallbacks(world);
  const pings = createPings(world, callbacks);
  const backfill = createBackfill();
  const dialect: Dialect = {
    provider: 'garmin',
    takenAway: 'HEALTH_EXPORT',
    limit: world.limit('garmin', { requests: 10_000, windowS: 60 }),
    unauthorised: () => error(401, 'Token is not active'),
    limited: (retryAfterS) =>
      Response.json(
        { errorMessage: 'Too many requests' },
        { status: 429, headers: { 'retry-after': String(retryAfterS) } },
      ),
    failed: () => error(500, 'Internal error'),
  };
  const farewell = (externalId: string): readonly Notice[] =>
    [pings.make(externalId, 'deregistrations', { deregistrations: [{ userId: externalId }] })].flatMap(
      (notice) => notice ?? [],
    );

  const base = '/wellness-api/rest';
  routes.post('/di-oauth2-service/oauth/token', (c) => exchange(c, world, tokens));
  routes.get(`${base}/user/id`, (c) =>
    answer(c, world, dialect, {
      stream: 'user/id',
      serve: ({ externalId }) => Response.json({ userId: externalId }),
    }),
  );
  routes.get(`${base}/user/permissions`, (c) =>
    answer(c, world, dialect, { stream: 'user/permissions', serve: ({ scopes }) => Response.json(scopes) }),
  );
  routes.delete(`${base}/user/registration`, (c) =>
    answer(c, world, dialect, {
      stream: 'user/registration',
      serve: (grant) => {
        grant.revoked = true;
        send(farewell(grant.externalId));
        return new Response(null, { status: 204 });
      },
    }),
  );
  routes.get(`${base}/backfill/:path`, (c) =>
    answer(c, world, dialect, {
      stream: `backfill/${c.req.param('path')} ${c.req.query('summaryStartTimeInSeconds') ?? ''}`,
      serve: ({ externalId, scopes }) => {
        const [fromS, toS] = [
          Number(c.req.query('summaryStartTimeInSeconds')),
          Number(c.req.query('summaryEndTimeInSeconds')),
        ];
        // Counted from the first consent that was not taken back, however often it was given since.
        const grants = world.ledger.grants('garmin').filter((grant) => grant.externalId === externalId);
        const firstS = Math.floor(Math.min(...grants.map(({ grantedAtMs }) => grantedAtMs)) / 1000);
        const asked = {
          externalId,
          path: c.req.param('path'),
          fromS,
          toS,
          firstS,
          mayExport: scopes.includes(HISTORY),
        };
        const done = backfill(asked);
        if ('refused' in done) return done.refused;
        const held = horizon.known('garmin', externalId, done.list);
        const within = held.filter((record) => record.fromS >= fromS && record.fromS <= toS);
        send(pings.old(externalId, done.list, within));
        return new Response(null, { status: 202 });
      },
    }),
  );
  routes.get(`${base}/:type`, (c) => {
    const type = c.req.param('type');
    return answer(c, world, dialect, {
      stream: `${type} ${c.req.query('uploadStartTimeInSeconds') ?? ''}`,
      serve: (_, fault) => {
        const opened = callbacks.open(c.req.query('token') ?? '', type);
        if (opened === undefined) return error(401, 'Token is not active');
        if (opened === 'spent') return error(410, 'This was downloaded already');
        if (fault === undefined || !BROKEN.includes(fault)) opened.close();
        return Response.json(
          renamed(
            opened.records.map(({ record }) => record),
            fault,
          ),
        );
      },
    });
  });

  return {
    id: 'garmin',
    name: 'Garmin',
    consent: {
      path: '/oauth2Confirm',
      // No scopes in the address: people switch them here, history being off at first.
      choices: () => Object.entries(PERMISSIONS).map(([scope, title]) => ({ scope, title, on: scope !== HISTORY })),
      pkce: true,
      codeLifeS: 600,
    },
    routes,
    schedule: SCHEDULE,
    announce: (changes) => pings.about(changes),
    farewell: ({ externalId }) => farewell(externalId),
    riddle: ({ externalId }) => pings.make(externalId, 'moonlight', { moonlight: [{ userId: externalId }] }),
    subscriptions: () => (pings.endpoint === undefined ? [] : ['all types, set in the portal']),
    enter(url) {
      pings.endpoint = url;
    },
  };
}
