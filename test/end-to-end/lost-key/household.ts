import { join } from 'node:path';
import { makeTicket } from '../../../app/connect/ticket.ts';
import { findUser } from '../../../app/people.ts';
import { everyRecord } from '../../../app/tie.ts';
import { createApp } from '../../../local/app.ts';
import { openRuntime, type LocalRuntime } from '../../../local/runtime.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { runCommand } from '../../support/terminal.ts';
import { openCompanies } from './companies.ts';

export const PROVIDERS = ['oura', 'withings'] as const;
const SECRET = 'Zq81-a-real-looking-secret';

/** A data directory with Ann, whose ring and scale are connected through the real pages, and commands to run on it. */
export async function openHousehold() {
  const companies = await openCompanies();
  const dataDir = join(temporaryDirectory(), 'data');
  const baseOf = (id: string): string => `${companies.url}/${id}`;
  const environment = Object.fromEntries(
    PROVIDERS.flatMap((id) => [
      [`${id.toUpperCase()}_BASE_URL`, baseOf(id)],
      [`WELLSPRING_${id.toUpperCase()}_CLIENT_ID`, `client-of-${id}`],
    ]),
  );
  const tell = (words: readonly string[], input = '') =>
    runCommand([...words, '--json', '--data-dir', dataDir], environment, input);
  const setSecret = (id: string) => tell(['secret', 'set', `${id}.clientSecret`], SECRET);

  /** Opens the data directory as another process would. */
  async function at<T>(work: (runtime: LocalRuntime) => Promise<T>): Promise<T> {
    const settings = Object.fromEntries(
      PROVIDERS.map((id) => [id, { clientId: `client-of-${id}`, baseUrl: baseOf(id) }]),
    );
    const runtime = await openRuntime({ dataDir, zone: 'UTC', settings });
    try {
      return await work(runtime);
    } finally {
      await runtime.close();
    }
  }

  /** Goes through connecting in a browser; answers the status of the first page, or that of the callback. */
  async function connect(id: string, name = 'Ann'): Promise<Response> {
    return at(async (runtime) => {
      const app = createApp(runtime);
      const { user_id: userId } = await findUser(runtime, name);
      const ticket = await makeTicket(runtime, { provider: id, userId });
      const query = new URLSearchParams({ user_id: userId, ticket: ticket.secret });
      const started = await app.request(`/oauth/${id}/start?${query.toString()}`, {}, {});
      const state = new URL(started.headers.get('location') ?? 'about:blank').searchParams.get('state');
      if (state === null) return started;
      const cookie = started.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      return app.request(`/oauth/${id}/callback?code=the-code&state=${state}`, { headers: { cookie } }, {});
    });
  }

  const connections = () =>
    at(async ({ state }) =>
      Object.fromEntries((await everyRecord(state)).map((one) => [one.provider, [one.state, one.cause]])),
    );

  await tell(['user', 'add', 'Ann']);
  for (const id of PROVIDERS) {
    await setSecret(id);
    const response = await connect(id);
    if (response.status !== 303) throw new Error(`${id} was not connected: ${await response.text()}`);
  }
  companies.asked.length = 0;
  return { companies, dataDir, tell, setSecret, at, connect, connections, key: join(dataDir, 'vault.key') };
}
