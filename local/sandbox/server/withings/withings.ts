import { Hono, type Context } from 'hono';
import { answer, type Dialect } from '../api.ts';
import type { LineEnv } from '../hang-up.ts';
import type { Simulation } from '../simulation.ts';
import { exchange, formOf } from '../token.ts';
import type { World } from '../world.ts';
import { failed, ok } from './answer.ts';
import { serveData, streamOf } from './data.ts';
import { noticeOf, noticesOf } from './notice.ts';
import { createNotify } from './notify.ts';
import { createSigned, tokens } from './oauth.ts';
import { choicesOf } from './scope.ts';

const DATA = ['/measure', '/v2/measure', '/v2/sleep'] as const;
/** In five rounds of two. */
const SCHEDULE = [0, 0, 10, 0, 120, 0, 4200, 0, 15_300, 0];

/** Withings, as its public Health Data API behaves. */
export function simulateWithings(world: World): Simulation {
  const { ledger } = world;
  const routes = new Hono<LineEnv>();
  const notify = createNotify(world);
  const signed = createSigned(world, ledger);
  const dialect: Dialect = {
    provider: 'withings',
    takenAway: 'user.activity',
    limit: world.limit('withings', { requests: 120, windowS: 60 }),
    unauthorised: () => failed(401),
    limited: () => failed(601),
    failed: () => new Response('Internal Server Error', { status: 500 }),
    failedIn200: () => failed(2556),
  };
  const logged = (what: string, response: Response): Response => {
    world.log.add({ provider: 'withings', direction: 'in', what, status: response.status });
    return response;
  };

  routes.post('/v2/oauth2', async (c) => {
    const form = await formOf(c);
    if (form['action'] === 'revoke') {
      return logged(
        'revoke',
        signed.revoke(form, ({ externalId }) => notify.drop(externalId)),
      );
    }
    return form['action'] === 'requesttoken' ? exchange(c, world, tokens) : logged('token', failed(501));
  });
  routes.post('/v2/signature', async (c) => logged('signature', signed.nonce(await formOf(c))));
  routes.post('/notify', async (c) => {
    const form = await formOf(c);
    const stream = `/notify ${form['action'] ?? ''} ${form['appli'] ?? ''}`.trim();
    return answer(c, world, dialect, { stream, serve: (grant) => notify.answer(form, grant) });
  });
  routes.post('/v2/user', async (c) => {
    const { action = '' } = await formOf(c);
    const serve = (): Response => (action === 'getdevice' ? ok({ devices: [] }) : ok({ goals: {} }));
    return answer(c, world, dialect, { stream: `/v2/user ${action}`, serve });
  });
  const serve = (path: string) => async (c: Context<LineEnv>) => {
    const form = await formOf(c);
    return answer(c, world, dialect, {
      stream: streamOf(path, form),
      serve: (grant, fault) => serveData(world, path, form, grant, fault),
    });
  };
  for (const path of DATA) routes.post(path, serve(path));

  return {
    id: 'withings',
    name: 'Withings',
    consent: { path: '/oauth2_user/authorize2', choices: choicesOf, pkce: false, codeLifeS: 30 },
    routes,
    schedule: SCHEDULE,
    announce: (changes) => noticesOf(changes, notify),
    farewell: ({ externalId }) => {
      const all = notify.to(externalId, '46');
      notify.drop(externalId);
      return all.map(({ callbackurl }) => noticeOf(externalId, callbackurl, '46', { action: 'unlink' }));
    },
    riddle: ({ externalId }) => {
      const [first] = notify.all().filter((one) => one.externalId === externalId);
      return first && noticeOf(externalId, first.callbackurl, '99', { date: '2024-06-24' });
    },
    subscriptions: () => notify.all().map(({ externalId, appli }) => `${appli} of ${externalId}`),
  };
}
