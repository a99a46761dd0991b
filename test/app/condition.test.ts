import { expect, test } from 'vitest';
import { setCondition } from '../../app/condition.ts';
import { disconnect } from '../../app/connections.ts';
import { everyRecord } from '../../app/tie.ts';
import { openDesk } from '../support/desk.ts';

const CONNECTION = {
  connection_id: 'c_1',
  provider: 'garmin',
  account: 'a_somebody',
  external_id: 'somebody',
  user_id: 'u_somebody',
  kind: 'oauth',
  state: 'active',
  scopes: ['weight', 'sleep'],
  cause: null,
} as const;

async function open() {
  const desk = openDesk();
  await desk.runtime.state.put('connection', 'c_1', { ...CONNECTION, sequence: 0 });
  const changes = () =>
    desk.events.flatMap((event) => (event.detailType === 'Connection Changed' ? [event.detail.change] : []));
  return { ...desk, changes };
}

test('a change is a fact, a record and one event', async () => {
  const { runtime, facts, changes } = await open();
  await setCondition(runtime, 'c_1', { state: 'needs_reconnect', cause: 'invalid_grant' });
  expect(await facts()).toMatchObject([{ ...CONNECTION, state: 'needs_reconnect', cause: 'invalid_grant' }]);
  expect(await everyRecord(runtime.state)).toMatchObject([{ state: 'needs_reconnect', cause: 'invalid_grant' }]);
  expect(changes()).toEqual(['needs_reconnect']);
});

test('the same again writes nothing, whatever the order of the scopes', async () => {
  const { runtime, facts, changes } = await open();
  await setCondition(runtime, 'c_1', { state: 'active', cause: null });
  await setCondition(runtime, 'c_1', { state: 'active', cause: null, scopes: ['sleep', 'weight'] });
  expect([await facts(), changes()]).toEqual([[], []]);
});

test('every change says in one word what became of the connection', async () => {
  const { runtime, facts, changes } = await open();
  await setCondition(runtime, 'c_1', { state: 'active', cause: 'scope_missing', scopes: ['weight'] });
  await setCondition(runtime, 'c_1', { state: 'revoked', cause: null });
  await setCondition(runtime, 'c_1', { state: 'active', cause: null });
  await setCondition(runtime, 'c_1', { state: 'deregistered', cause: null });
  expect(changes()).toEqual(['scopes_changed', 'revoked', 'connected', 'deregistered']);
  expect((await facts()).map((fact) => fact['scopes'])).toEqual([['weight'], ['weight'], ['weight'], ['weight']]);
});

test('one that is disconnected, or was never there, stays so', async () => {
  const { runtime, facts, changes } = await open();
  await disconnect(runtime, { provider: 'garmin', user: { user_id: 'u_somebody' } });
  const before = (await facts()).length;
  await setCondition(runtime, 'c_1', { state: 'active', cause: null });
  await setCondition(runtime, 'c_2', { state: 'active', cause: null });
  expect(await facts()).toHaveLength(before);
  expect(changes()).toEqual([]);
});
