import { join } from 'node:path';
import { createOAuthClients } from '../../../app/connect/setup.ts';
import { arrive, start } from '../../../app/connect.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { addUser } from '../../../app/people.ts';
import { webhookUrl } from '../../../app/urls.ts';
import { createWebhooks } from '../../../app/webhooks.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../local/sandbox/fault.ts';
import { providers as doors } from '../../../providers/index.ts';
import { openProviders } from '../../support/providers.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { type Account, ACCOUNTS, holdingsOf } from '../kill/accounts.ts';
import { CLIENTS, SCOPES, settingsOf } from '../kill/settings.ts';
import { createPatientClock } from './clock.ts';
import { createOutage, failingObjects, failingState, failingVault } from './outage.ts';

/** One person's scale, ring and watch. */
export const MINE: readonly Account[] = ACCOUNTS.filter(({ person }) => person === 0);
/** Everybody has had their breakfast: the daily look is due. */
const START_MS = Date.UTC(2026, 10, 20, 7);
export const NOW_S = START_MS / 1000;
const ACCESS_LIFE_S = 1800;
const BROWSER = 'the-secret-of-a-browser-that-nobody-else-has';

/** A machine whose parts can be away, beside its providers; no event ever arrives, so that only the sweep mends. `end` closes it. */
export async function openWorld(options: { readonly knownUntilS: number }) {
  const clock = createPatientClock(START_MS);
  const outage = createOutage(clock);
  const box: { receive?: (request: Request) => Promise<Response> } = {};
  const providers = await openProviders({
    holdings: holdingsOf(NOW_S),
    credentials: CLIENTS,
    clock,
    chance: createChance('outage'),
    faults: NO_FAULTS,
    knownUntilS: options.knownUntilS,
    accessLifeS: ACCESS_LIFE_S,
    pageSize: 15,
    // Providers try again for an hour and more, in the time of this world.
    hurry: 1,
    fetch: async (url, init) => (await box.receive?.(new Request(url, init))) ?? new Response(null, { status: 502 }),
  });
  providers.watch.before = async ({ kind }) => {
    const isAway = outage.isDown(kind === 'data' ? 'data API' : 'token API');
    return isAway ? new Response('<h1>We will be back</h1>', { status: 503 }) : undefined;
  };
  const directory = makeDirectory();
  const settings = settingsOf(new URL(providers.baseUrl('withings')).origin);
  const local = await openRuntime({ dataDir: join(directory, 'data'), zone: 'UTC', settings, clock });
  const clients = createOAuthClients({ settings: local.settings, clock });
  const runtime = {
    ...local,
    objects: failingObjects(local.objects, clock, outage),
    state: failingState(local.state, clock, outage),
    vault: failingVault(local.vault, clock, outage),
    egress: {
      ...local.egress,
      send: (...asked: Parameters<typeof local.egress.send>) => clock.during(() => local.egress.send(...asked)),
    },
    oauthClient: async (id: string) => {
      const client = await clients(id);
      return {
        ...client,
        exchange: (asked: Parameters<typeof client.exchange>[0]) => clock.during(() => client.exchange(asked)),
        refresh: (token: Parameters<typeof client.refresh>[0]) => clock.during(() => client.refresh(token)),
      };
    },
  };
  const { user_id: userId } = await addUser(runtime, { name: 'Ann', zone: 'UTC' });
  const webhooks = createWebhooks(runtime);
  box.receive = async (request) => webhooks.request(request);
  // By hand, as in the portal.
  providers.enter(webhookUrl(runtime, doors.garmin) ?? '');

  /** Goes through the consent; true when the person has read that it is connected. */
  const connect = async ({ provider, externalId }: Account): Promise<boolean> => {
    const address = await start(runtime, { provider, userId, browser: BROWSER });
    const back = await providers.consent(provider, address, externalId, { scopes: SCOPES[provider] });
    const { search } = new URL(back);
    return (await arrive(runtime, oauthProvider(provider), { search, browser: BROWSER })).kind === 'connected';
  };
  return {
    runtime,
    clock,
    outage,
    providers,
    userId,
    connect,
    receive: box.receive,
    async end() {
      await local.close();
      providers.end();
      removeDirectory(directory);
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
