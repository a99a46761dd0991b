import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { link } from '../../../app/connections.ts';
import { noteOutcome } from '../../../app/connect/ticket.ts';
import { findUser } from '../../../app/people.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { type Ran } from '../../support/terminal.ts';
import { openRemote } from '../../support/remote.ts';

// Each of them opens a data directory and its server.
vi.setConfig({ testTimeout: 90_000 });

const settings = { withings: { clientId: 'an-app', clientSecrets: [new Secret('a-client-secret')] } };

/** Runs `connect` through a server; `then` is what the browser comes to, told by the ticket of the address that was printed. */
async function connecting(then: (open: Awaited<ReturnType<typeof openRemote>>, ticket: string) => Promise<void>) {
  const open = await openRemote({ settings });
  const { served, runtime, there } = open;
  const running: Promise<Ran> = there('connect', 'withings', '--user', 'Ann', '--json');
  let tickets = await runtime.state.list('ticket');
  while (tickets.length === 0) {
    await runtime.clock.sleep(50);
    tickets = await runtime.state.list('ticket');
  }
  await then(open, tickets[0]?.id ?? '');
  return { ran: await running, served };
}

test('what was granted in the browser is told as it is here, by the address the server was asked for', async () => {
  const { ran, served } = await connecting(async ({ runtime }, ticket) => {
    const user = await findUser(runtime, 'Ann');
    const { connection } = await link(runtime, { provider: 'withings', user, externalId: 'w-1' });
    await noteOutcome(runtime, ticket, { ok: true, connection_id: connection.connection_id });
  });
  expect(ran.code, ran.err).toBe(0);
  expect(JSON.parse(ran.out)).toMatchObject({
    connection: { provider: 'withings', external_id: 'w-1', state: 'active' },
    granted: [],
    missing: [],
  });
  const [address = ''] = /^http\S+$/m.exec(ran.err) ?? [];
  expect(z.url().parse(address).startsWith(`${served.url}/oauth/withings/start?user_id=u_`)).toBe(true);
});

test.each([
  ['access_denied', 3],
  ['provider_unavailable', 4],
])('a flow that ends with %s is exit code %i', async (code, exit) => {
  const { ran } = await connecting(({ runtime }, ticket) => noteOutcome(runtime, ticket, { ok: false, code }));
  expect([ran.code, ran.out]).toEqual([exit, '']);
  expect(ran.err).toContain(`"code":"${code}"`);
});

test('a fetch through a server on one machine brings the report, and days count; a stack only begins it', async () => {
  const open = await openRemote({ settings });
  const ask = (...words: readonly string[]) => open.there('collect', ...words, '--json');
  const done = await ask('--days', '3');
  expect(JSON.parse(done.out)).toMatchObject({ streams: [], requests: 0, busy: [] });
  // A stack is told apart by where it hands work to.
  const handed: unknown[] = [];
  Object.assign(open.runtime, { hand: async (work: unknown) => void handed.push(work) });
  const begun = await ask();
  expect([begun.code, JSON.parse(begun.out)]).toEqual([0, { schema_version: 1, connections: [] }]);
  expect(handed).toEqual([{ kind: 'collect' }]);
  const refused = await ask('--days', '3');
  expect([refused.code, refused.err.includes('"code":"days_elsewhere"')]).toEqual([2, true]);
});

test('a stack starts its workflow where one machine runs a batch', async () => {
  const { runtime, there } = await openRemote();
  Object.assign(runtime, { workflow: { start: async () => 'started' as const } });
  const { code, out } = await there('process', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { schema_version: 1, workflow: 'started' }]);
  Object.assign(runtime, { workflow: { start: async () => 'running' as const } });
  expect((await there('process')).out).toContain('a run of the workflow is active');
});
