import { describe, expect, test } from 'vitest';
import { connectFile, disconnect, link, listConnections, revokedKeys } from '../../app/connections.ts';
import { addUser } from '../../app/people.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { openDesk } from '../support/desk.ts';

async function openHousehold() {
  const desk = openDesk();
  const anna = await addUser(desk.runtime, { name: 'Anna' });
  const ben = await addUser(desk.runtime, { name: 'Ben' });
  const connections = async () => (await desk.facts()).filter((fact) => 'connection_id' in fact);
  return { ...desk, anna, ben, connections };
}

type Household = Awaited<ReturnType<typeof openHousehold>>;

describe('linking an account by its id', () => {
  test('writes the fact, and answers the address with the secret segment', async () => {
    const { runtime, anna, connections } = await openHousehold();
    const { connection, webhook_url, token } = await link(runtime, {
      provider: 'garmin',
      user: anna,
      externalId: 'g1',
    });
    expect(connection).toEqual({
      connection_id: expect.stringMatching(/^c_[a-z2-7]{12}$/),
      provider: 'garmin',
      account: accountOf('garmin', 'g1'),
      external_id: 'g1',
      user_id: anna.user_id,
      kind: 'link',
      state: 'active',
      scopes: [],
      cause: null,
    });
    expect(await connections()).toMatchObject([connection]);
    expect(token).toBeUndefined();
    const [, key] = /^https:\/\/well\.example\/webhooks\/garmin\/(.+)$/.exec(webhook_url ?? '') ?? [];
    expect(runtime.keyring.check('garmin', 'path', key ?? '')).toMatchObject({ ok: true, keyid: 'k1' });
  });

  test('again changes nothing', async () => {
    const { runtime, anna, connections } = await openHousehold();
    const request = { provider: 'garmin', user: anna, externalId: 'g1' };
    const first = await link(runtime, request);
    expect(await link(runtime, request)).toEqual(first);
    expect(await connections()).toHaveLength(1);
  });

  test('that is another person’s is refused, and no fact says otherwise', async () => {
    const { runtime, anna, ben, connections } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    const linking = link(runtime, { provider: 'garmin', user: ben, externalId: 'g1' });
    await expect(linking).rejects.toMatchObject({ code: 'subject_conflict', status: 409, exit: 1 });
    expect(await connections()).toHaveLength(1);
  });

  test('by two people at the same time goes to one of them', async () => {
    const { runtime, anna, ben, connections } = await openHousehold();
    const results = await Promise.allSettled(
      [anna, ben].map((user) => link(runtime, { provider: 'garmin', user, externalId: 'g1' })),
    );
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await connections()).toHaveLength(1);
  });

  test('is possible for the other person once the first gave it up', async () => {
    const { runtime, anna, ben } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    await disconnect(runtime, { provider: 'garmin', user: anna });
    await link(runtime, { provider: 'garmin', user: ben, externalId: 'g1' });
    const all = await listConnections(runtime);
    expect(all.map((one) => [one.user_id, one.state])).toEqual([
      [anna.user_id, 'disconnected'],
      [ben.user_id, 'active'],
    ]);
  });

  test('makes the tie an import had made a linked one', async () => {
    const { runtime, anna } = await openHousehold();
    const tie = { provider: 'garmin', external_id: 'g1', user_id: anna.user_id };
    const file = await connectFile(runtime, tie);
    const { connection } = await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    expect(connection).toEqual({ ...file, kind: 'link' });
    expect(await connectFile(runtime, tie)).toEqual(connection);
  });

  test('has no address for a provider that pushes nothing', async () => {
    const { runtime, anna } = await openHousehold();
    const linked = await link(runtime, { provider: 'myfitnesspal', user: anna, externalId: 'm1' });
    expect(linked).toMatchObject({ webhook_url: null, connection: { kind: 'link' } });
  });

  test.each([
    [{ provider: 'garmin' }, 'missing_external_id'],
    [{ provider: 'garmin', externalId: '  ' }, 'missing_external_id'],
    [{ provider: 'nobody', externalId: 'x' }, 'unknown_provider'],
    [{ provider: 'apple', externalId: 'with.a.dot' }, 'bad_external_id'],
    [{ provider: 'apple', externalId: 'k1' }, 'bad_external_id'],
  ])('%j is refused', async (request, code) => {
    const { runtime, anna } = await openHousehold();
    await expect(link(runtime, { ...request, user: anna })).rejects.toMatchObject({ code, exit: 2 });
  });
});

describe('a personal token', () => {
  test('stands for one account, and is the same when asked again', async () => {
    const { runtime, anna } = await openHousehold();
    const first = await link(runtime, { provider: 'apple', user: anna });
    expect(first.webhook_url).toBe('https://well.example/webhooks/apple');
    expect(first.connection.external_id).toMatch(/^[a-z2-7]{24}$/);
    expect(runtime.keyring.check('apple', 'token', first.token ?? '')).toMatchObject({
      ok: true,
      externalId: first.connection.external_id,
    });
    expect(await link(runtime, { provider: 'apple', user: anna })).toEqual(first);
  });

  test('is another for another person, and a fresh one leaves the first', async () => {
    const { runtime, anna, ben } = await openHousehold();
    const first = await link(runtime, { provider: 'apple', user: anna });
    const other = await link(runtime, { provider: 'apple', user: ben });
    const fresh = await link(runtime, { provider: 'apple', user: anna, fresh: true });
    expect(new Set([first.token, other.token, fresh.token]).size).toBe(3);
    expect((await listConnections(runtime, anna.user_id)).map((one) => one.state)).toEqual(['active', 'active']);
    // Asked again: the newest.
    expect(await link(runtime, { provider: 'apple', user: anna })).toEqual(fresh);
  });

  test('is refused once it was given up, for good, also after an import ties its account again', async () => {
    const { runtime, anna } = await openHousehold();
    const { connection, token } = await link(runtime, { provider: 'apple', user: anna });
    await disconnect(runtime, { provider: 'apple', user: anna });
    expect(await revokedKeys(runtime.state)).toEqual(new Set([connection.external_id]));
    await connectFile(runtime, { provider: 'apple', external_id: connection.external_id, user_id: anna.user_id });
    expect(await revokedKeys(runtime.state)).toEqual(new Set([connection.external_id]));
    const again = { provider: 'apple', user: anna, externalId: connection.external_id };
    await expect(link(runtime, again)).rejects.toMatchObject({ code: 'revoked_token' });
    expect((await link(runtime, { provider: 'apple', user: anna })).token).not.toBe(token);
  });
});

test.each([
  ['a tie by its id', (one: Household) => link(one.runtime, { provider: 'garmin', user: one.anna, externalId: 'g1' })],
  ['a token', (one: Household) => link(one.runtime, { provider: 'apple', user: one.anna })],
  [
    'the account of a file',
    (one: Household) => connectFile(one.runtime, { provider: 'garmin', external_id: 'g1', user_id: one.anna.user_id }),
  ],
])('somebody who is being forgotten does not get %s back, not even one that is still there', async (_, tie) => {
  const household = await openHousehold();
  const { runtime, anna, connections } = household;
  await tie(household);
  await runtime.state.put('forget', anna.user_id, { user_id: anna.user_id, phase: 'telling' });
  await expect(tie(household)).rejects.toMatchObject({ code: 'forgotten' });
  expect(await connections()).toHaveLength(1);
});

describe('disconnecting', () => {
  test('ends every account of the person at the provider, once, and nobody else’s', async () => {
    const { runtime, anna, ben, connections } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g2' });
    await link(runtime, { provider: 'garmin', user: ben, externalId: 'g3' });
    const ended = await disconnect(runtime, { provider: 'garmin', user: anna });
    expect(new Map(ended.map((one) => [one.external_id, one.state]))).toEqual(
      new Map([
        ['g1', 'disconnected'],
        ['g2', 'disconnected'],
      ]),
    );
    expect(await disconnect(runtime, { provider: 'garmin', user: anna })).toHaveLength(2);
    expect(await connections()).toHaveLength(5);
    expect(await listConnections(runtime, ben.user_id)).toMatchObject([{ state: 'active' }]);
  });

  test('can end one account of several', async () => {
    const { runtime, anna } = await openHousehold();
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g1' });
    await link(runtime, { provider: 'garmin', user: anna, externalId: 'g2' });
    await disconnect(runtime, { provider: 'garmin', user: anna, externalId: 'g2' });
    const left = (await listConnections(runtime)).filter((one) => one.state === 'active');
    expect(left.map((one) => one.external_id)).toEqual(['g1']);
  });

  test('what never was connected is refused', async () => {
    const { runtime, anna } = await openHousehold();
    const ending = disconnect(runtime, { provider: 'garmin', user: anna });
    await expect(ending).rejects.toMatchObject({ code: 'not_connected', exit: 2 });
  });
});
