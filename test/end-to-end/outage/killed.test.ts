import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addUser } from '../../../app/people.ts';
import { repair } from '../../../app/sweep.ts';
import { webhookUrl } from '../../../app/urls.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../local/sandbox/fault.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';
import { garmin } from '../../../providers/garmin.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openProviders } from '../../support/providers.ts';
import { openSurfer } from '../../support/surfer.ts';
import { ACCOUNTS, holdingsOf } from '../kill/accounts.ts';
import { verify } from '../kill/after.ts';
import { type Server, startServer } from '../kill/server.ts';
import { CLIENTS, settingsOf } from '../kill/settings.ts';

const DAY_S = 86_400;
const NOW_S = Date.UTC(2026, 10, 20, 7) / 1000;
/** Of forty days the watch has two behind it when it is connected. */
const CONNECTED_S = NOW_S - 38 * DAY_S;
/** More than from sweep to sweep, and than a dead holder is waited for. */
const STEP_MS = 20 * 60_000;
const OWNER_TOKEN = 'the-owner-token-of-the-watch';
const WATCH = ACCOUNTS.filter(({ provider, person }) => provider === 'garmin' && person === 0);

/** A server with a clock of its own time, its provider, and a desk on the same directory. */
async function openHouse() {
  const system = createSystemClock();
  const shift = { ms: CONNECTED_S * 1000 - system.now() };
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => system.sleep(ms, signal);
  const clock = { now: () => system.now() + shift.ms, sleep };
  const providers = await openProviders({
    holdings: holdingsOf(NOW_S).filter(({ provider }) => provider === 'garmin'),
    credentials: CLIENTS,
    clock,
    chance: createChance('killed'),
    faults: NO_FAULTS,
    knownUntilS: CONNECTED_S,
    // What a dying server did not take is sent again within the minute in which the next one starts.
    hurry: 0.01,
  });
  const dataDir = join(temporaryDirectory(), 'data');
  const baseUrl = new URL(providers.baseUrl('garmin')).origin;
  const desk = await openRuntime({ dataDir, zone: 'UTC', settings: settingsOf(baseUrl), clock });
  const { user_id: userId } = await addUser(desk, { name: 'Ann', zone: 'UTC' });
  const box: { server?: Server; port: number } = { port: 0 };
  const start = async (): Promise<string> => {
    const asked = { dataDir, port: box.port, shiftMs: shift.ms, ownerToken: OWNER_TOKEN, baseUrl };
    box.server = await startServer(asked);
    box.port = Number(new URL(box.server.url).port);
    return box.server.url;
  };
  const kill = async (): Promise<void> => box.server?.kill();
  onTestFinished(async () => {
    await kill();
    await desk.close();
    providers.end();
  });
  const url = await start();
  providers.enter(`${url}${new URL(webhookUrl(desk, garmin) ?? '').pathname}`);
  const surfer = openSurfer();
  await surfer.post(`${url}/signin`, { token: OWNER_TOKEN, next: '/' });
  const started = await surfer.get(`${url}/oauth/garmin/start?user_id=${userId}`);
  const scopes = ['HEALTH_EXPORT', 'HISTORICAL_DATA_EXPORT'];
  const address = started.headers.get('location') ?? '';
  await surfer.get(await providers.consent('garmin', address, WATCH[0]?.externalId ?? '', { scopes }));
  const later = (ms: number): void => void (shift.ms += ms);
  /** Days whose steps are in the tables when the desk has swept. */
  const days = async (): Promise<number> => {
    later(STEP_MS);
    await repair(desk);
    const { rows } = await desk.console.query(`select local_date from observations where metric = 'steps'`);
    return rows.length;
  };
  return {
    providers,
    start,
    kill,
    later,
    days,
    verify: () =>
      verify(desk, {
        ledger: providers.ledger,
        people: [userId],
        nowS: NOW_S,
        accounts: WATCH,
        knownUntilS: CONNECTED_S - 30 * DAY_S,
      }),
    /** The server dies when a request has been acted on, before it hears the answer; resolved when it is dead. */
    dies: (isMoment: (path: string) => boolean): Promise<void> =>
      new Promise((resolve) => {
        providers.watch.after = async ({ path }) => {
          if (!isMoment(path)) return;
          providers.watch.after = async () => undefined;
          await kill();
          resolve();
        };
      }),
  };
}

const isAddress = (path: string): boolean => path.includes('&token=');
const PATIENCE = { timeout: 60_000, interval: 500 };

test('killed with the only copy of a day in its hands, and off for weeks, the server has every day in the end', async () => {
  const { providers, start, kill, later, days, verify: problems, dies } = await openHouse();
  const restart = async (): Promise<void> => {
    await kill();
    // Its holds have ended by then.
    later(STEP_MS);
    await start();
  };

  // In the middle of asking for the days before: the second of fifteen lists.
  let requests = 0;
  const inRequests = dies((path) => path.includes('/backfill/') && ++requests === 2);
  await restart();
  await inRequests;
  // With the answer of the first address, which says nothing a second time.
  const inHistory = dies(isAddress);
  await restart();
  await inHistory;
  await restart();
  await expect.poll(days, PATIENCE).toBe(2);

  // The same with a day that has just been measured.
  const inNews = dies(isAddress);
  later(DAY_S * 1000);
  await restart();
  await providers.release(CONNECTED_S + DAY_S);
  await inNews;
  await restart();
  await expect.poll(days, PATIENCE).toBe(3);

  // Off for longer than anybody sends again: nobody is told.
  await kill();
  providers.horizon.advance(NOW_S);
  later(37 * DAY_S * 1000);
  await start();
  await expect.poll(days, PATIENCE).toBe(40);
  expect(await problems()).toEqual([]);
});
