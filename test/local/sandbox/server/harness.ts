import { onTestFinished } from 'vitest';
import type { Clock } from '../../../../ports/clock/clock.ts';
import { listen } from '../../../../local/listen.ts';
import { createChance } from '../../../../local/sandbox/chance.ts';
import { createFaults, NO_FAULTS, type FaultName } from '../../../../local/sandbox/fault.ts';
import type { HeldRecord, Holding } from '../../../../local/sandbox/holding.ts';
import type { SandboxOptions } from '../../../../local/sandbox/server/options.ts';
import { createSandbox } from '../../../../local/sandbox/server/sandbox.tsx';

/** 2026-11-20T07:00:00Z */
export const NOW_S = Date.UTC(2026, 10, 20, 7) / 1000;
export const DAY_S = 86_400;

/** Time that passes only where somebody sleeps or `advance` is called. */
export function patientClock(): Clock & { advance(ms: number): void } {
  let now = NOW_S * 1000;
  const advance = (ms: number): void => {
    now += ms;
  };
  return { now: () => now, sleep: async (ms) => advance(ms), advance };
}

/** A record of a day `daysAgo`, known at its end. */
export function held(type: string, daysAgo: number, more: Partial<HeldRecord> = {}): HeldRecord {
  const fromS = NOW_S - daysAgo * DAY_S;
  const day = new Date(fromS * 1000).toISOString().slice(0, 10);
  const id = more.id ?? `${type}-${daysAgo}`;
  return { type, id, knownAtS: fromS, fromS, toS: fromS, day, record: { id, day, steps: 1000 + daysAgo }, ...more };
}

export const holding = (provider: string, externalId: string, records: readonly HeldRecord[] = []): Holding => {
  return { provider, externalId, person: 0, zone: 'Europe/Paris', records };
};

const client = (name: string) => ({ clientId: `${name}-id`, clientSecret: `${name}-secret` });
export const CALLBACK = 'http://127.0.0.1:9/oauth/callback';

interface Choices extends Partial<SandboxOptions> {
  readonly names?: readonly FaultName[];
  readonly rate?: number;
}

/** A sandbox behind a real address, closed with the test. */
export async function openSandbox({ names, rate = 1, ...options }: Choices = {}) {
  const chance = createChance('sandbox');
  const clock = patientClock();
  const sandbox = createSandbox({
    holdings: [],
    credentials: { withings: client('withings'), oura: client('oura'), garmin: client('garmin') },
    clock,
    chance,
    faults: names === undefined ? NO_FAULTS : createFaults({ names, rate, chance: chance.fork('faults') }),
    knownUntilS: NOW_S,
    ...options,
  });
  const { server, url } = await listen(sandbox.app, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    sandbox.close();
    server.closeAllConnections();
    server.close();
  });

  const post = (path: string, fields: Readonly<Record<string, string>>, bearer?: string): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      ...(bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } }),
    });
  const get = (path: string, bearer: string): Promise<Response> =>
    fetch(`${url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
  /** The code a person's consent leads to. */
  const codeOf = async (
    provider: string,
    path: string,
    externalId: string,
    query: Readonly<Record<string, string>>,
  ) => {
    const asked = { response_type: 'code', client_id: `${provider}-id`, redirect_uri: CALLBACK, state: 's', ...query };
    const back = await sandbox.consent(
      provider,
      `${url}/${provider}${path}?${new URLSearchParams(asked).toString()}`,
      externalId,
    );
    return new URL(back).searchParams.get('code') ?? '';
  };
  return { ...sandbox, url, clock, post, get, codeOf };
}

export type Opened = Awaited<ReturnType<typeof openSandbox>>;

const ALL = 'email personal daily heartrate workout session spo2Daily stress heart_health';

/** What Oura's token endpoint answers for a code. */
export async function ouraTokens(opened: Opened, externalId: string, scope = ALL): Promise<Tokens> {
  const code = await opened.codeOf('oura', '/oauth/authorize', externalId, { scope });
  const answer = await opened.post('/oura/oauth/token', {
    grant_type: 'authorization_code',
    client_id: 'oura-id',
    client_secret: 'oura-secret',
    redirect_uri: CALLBACK,
    code,
  });
  return readTokens(await answer.json());
}

/** What Withings' token endpoint answers for a code. */
export async function withingsTokens(
  opened: Opened,
  externalId: string,
  scope = 'user.info,user.metrics,user.activity',
): Promise<Tokens> {
  const code = await opened.codeOf('withings', '/oauth2_user/authorize2', externalId, { scope });
  const answer = await opened.post('/withings/v2/oauth2', {
    action: 'requesttoken',
    grant_type: 'authorization_code',
    client_id: 'withings-id',
    client_secret: 'withings-secret',
    redirect_uri: CALLBACK,
    code,
  });
  return readTokens(Object(await answer.json()).body);
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

export function readTokens(answer: unknown): Tokens {
  const fields: Readonly<Record<string, unknown>> = Object(answer);
  return { access: String(fields['access_token']), refresh: String(fields['refresh_token']), answer: fields };
}
