import { addressOf } from '../../../providers/kit/base.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../local/sandbox/fault.ts';
import type { HeldRecord } from '../../../local/sandbox/holding.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import * as z from 'zod';
import { type Canaries, createCanaries } from '../../end-to-end/canary/canaries.ts';
import { recording } from '../../end-to-end/canary/stage.ts';
import { openProviders, type Providers } from '../providers.ts';
import { openStand, SECRETS, type Stand } from './stand.ts';

const DAY_S = 86_400;
export const SCALES = { anna: '480271936514', ben: '480271936515' } as const;
const clients = z.record(z.string(), z.string()).parse(JSON.parse(SECRETS.clients));

/** Two people of a stack, their scales at a provider, and a browser in which the owner has signed in. */
export interface Household {
  readonly stand: Stand;
  readonly providers: Providers;
  readonly canaries: Canaries;
  readonly ids: { readonly anna: string; readonly ben: string };
  /** The API, as the owner's own programs ask it; the answer's JSON. */
  readonly api: (
    method: string,
    path: string,
    body?: object,
    query?: string,
  ) => Promise<{ readonly status: number; readonly said: unknown }>;
  /** A page, as the owner's browser asks for it. */
  readonly page: (
    method: string,
    path: string,
    parts?: { readonly body?: string; readonly query?: string; readonly type?: string },
  ) => ReturnType<Stand['ask']>;
  close(): Promise<void>;
}

/** A weighing of 71.9 kg some days ago, told to its provider when it was made. */
function weighing(nowS: number, id: number, daysAgo: number): HeldRecord {
  const date = nowS - daysAgo * DAY_S - 60;
  const day = new Date(date * 1000).toISOString().slice(0, 10);
  const measures = [{ type: 1, value: 71_900, unit: -3 }];
  const record = { grpid: id, attrib: 0, date, created: date, modified: date, category: 1, deviceid: null, measures };
  return { type: 'getmeas', id: String(id), knownAtS: date, fromS: date, toS: date, day, record };
}

/** A zone in which it is midday, so that the morning's text is due at whatever hour this runs. */
function middayZone(nowMs: number): string {
  const ahead = 12 - new Date(nowMs).getUTCHours();
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

const made = z.object({ user: z.object({ user_id: z.string() }) });

export async function openHousehold(): Promise<Household> {
  const clock = createSystemClock();
  const nowS = Math.floor(clock.now() / 1000);
  const canaries = createCanaries();
  const door: { stand?: Stand } = {};
  const providers = await openProviders({
    holdings: [
      // The second is older than a first fetch looks, the last is not known yet when somebody connects.
      {
        provider: 'withings',
        externalId: SCALES.anna,
        person: 0,
        zone: 'UTC',
        records: [weighing(nowS, 11, 3), weighing(nowS, 12, 40), weighing(nowS, 13, 0)],
      },
      { provider: 'withings', externalId: SCALES.ben, person: 1, zone: 'UTC', records: [weighing(nowS, 21, 2)] },
    ],
    credentials: { withings: { clientId: 'client-of-withings', clientSecret: clients['withings'] ?? '' } },
    clock,
    chance: recording(createChance('stand'), canaries),
    faults: NO_FAULTS,
    knownUntilS: nowS - DAY_S,
    // What a provider tells comes through the HTTP API, its forms in base64.
    async fetch(url, init) {
      const { pathname } = new URL(url);
      const asked = new Request(url, init);
      const headers = Object.fromEntries(asked.headers);
      const answer = await door.stand?.ask(asked.method, pathname, { body: await asked.text(), base64: true, headers });
      return new Response(answer?.body ?? '', { status: answer?.statusCode ?? 503 });
    },
  });
  const at = providers.baseUrl('withings');
  const stand = await openStand(() => ({ 'wbsapi.withings.net': at, 'account.withings.com': at }));
  door.stand = stand;
  for (const [name, text] of [...Object.entries(clients), ['the owner', SECRETS['owner-token']] as const])
    canaries.add('secret', `secret of ${name}`, text);
  canaries.add('secret', 'ingest secret', SECRETS.ingest.trim());

  const authorization = `Bearer ${SECRETS['owner-token']}`;
  const api: Household['api'] = async (method, path, body, query) => {
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { authorization, 'content-type': 'application/json' };
    const asked = { ...given, headers, ...(query === undefined ? {} : { query }) };
    const { statusCode, body: text } = await stand.ask(method, path, asked);
    return { status: statusCode, said: text === '' ? undefined : JSON.parse(text) };
  };
  const origin = stand.environment('web')['PUBLIC_URL'] ?? '';
  const form = 'application/x-www-form-urlencoded';
  const cookies: string[] = [];
  const page: Household['page'] = async (method, path, { type = form, ...parts } = {}) => {
    const headers = { host: new URL(origin).host, origin, 'content-type': type };
    const answer = await stand.ask(method, path, { ...parts, headers, cookies });
    cookies.push(...(answer.cookies?.map((cookie) => cookie.split(';')[0] ?? '') ?? []));
    return answer;
  };
  await page('POST', '/signin', { body: new URLSearchParams({ token: SECRETS['owner-token'], next: '/' }).toString() });
  const add = async (name: string) => {
    const zone = middayZone(clock.now());
    const { said } = await api('POST', '/api/v1/users', { name, zone, email: `${name.toLowerCase()}@example.org` });
    return made.parse(said).user.user_id;
  };
  return {
    stand,
    providers,
    canaries,
    ids: { anna: await add('Anna'), ben: await add('Ben') },
    api,
    page,
    async close() {
      await stand.close();
      providers.end();
    },
  };
}

/** Connects somebody's scale the way a browser does; the address the browser ends at. */
export async function connectScale({ page, providers }: Household, userId: string, account: string): Promise<string> {
  const started = await page('GET', '/oauth/withings/start', { query: `user_id=${userId}` });
  const address = addressOf(started.headers['location'] ?? 'about:blank', providers.baseUrl('withings'));
  // One stream, so that the past is some requests and not the whole minute's worth.
  const back = new URL(await providers.consent('withings', address, account, { scopes: ['user.metrics'] }));
  const arrived = await page('GET', back.pathname, { query: back.search.slice(1) });
  return arrived.headers['location'] ?? `${arrived.statusCode}`;
}
