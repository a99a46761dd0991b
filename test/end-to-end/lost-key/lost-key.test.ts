import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { refreshDue } from '../../../app/refresh.ts';
import { openHousehold, PROVIDERS } from './household.ts';

type Household = Awaited<ReturnType<typeof openHousehold>>;

const checks = z.object({
  checks: z.array(z.object({ id: z.string(), state: z.string(), remedy: z.string().nullable() })),
});
const ACTIVE = ['active', null];
const UNREADABLE = ['needs_reconnect', 'grant_unreadable'];

let home: Household;
beforeEach(async () => {
  home = await openHousehold();
});

/** What doctor says is not well, by id. */
async function troubles(): Promise<Readonly<Record<string, string | null>>> {
  const { out } = await home.tell(['doctor']);
  const all = checks.parse(JSON.parse(out)).checks.filter(({ state }) => state === 'fail');
  return Object.fromEntries(all.map(({ id, remedy }) => [id, remedy]));
}

describe('after vault.key was lost', () => {
  beforeEach(() => rmSync(home.key));

  test('status and doctor answer, and doctor names the secrets to set again', async () => {
    const { code, out } = await home.tell(['status']);
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { connections: [{ provider: 'oura' }, { provider: 'withings' }] },
    ]);
    const found = await troubles();
    for (const id of PROVIDERS) {
      expect(found[`credentials.${id}`]).toContain(`wellspring secret set ${id}.clientSecret`);
      expect(found['vault']).toContain(`wellspring secret set ${id}.clientSecret`);
    }
    expect(found['open']).toBeUndefined();
  });

  test('connecting says which secret to set, and once it is set ends in a connection that works', async () => {
    const refused = await home.connect('oura');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('client_secret_unreadable')]);
    expect((await home.setSecret('oura')).code).toBe(0);
    expect((await home.connect('oura')).status).toBe(303);
    expect((await home.tell(['collect', 'oura'])).code).toBe(0);
    expect((await home.connections())['oura']).toEqual(ACTIVE);
    // The other provider's secret is still closed: that is its own trouble.
    expect(Object.keys(await troubles()).filter((id) => id.startsWith('credentials'))).toEqual([
      'credentials.withings',
    ]);
  });

  test('fetching presents nothing, and each connection says that it has to be connected again and why', async () => {
    for (const id of PROVIDERS) await home.setSecret(id);
    await home.tell(['collect']);
    expect(home.companies.presented()).toEqual([]);
    expect(await home.connections()).toEqual({ oura: UNREADABLE, withings: UNREADABLE });
    const { out } = await home.tell(['status']);
    expect(JSON.parse(out)).toMatchObject({
      connections: [
        { remedy: expect.stringContaining('wellspring connect oura') },
        { problem: expect.stringContaining('key of the vault') },
      ],
    });
  });

  test('disconnecting ends it here and says that the provider could not be told', async () => {
    const { code, out, err } = await home.tell(['disconnect', 'oura', '--user', 'Ann']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ connections: [{ state: 'disconnected', given_back: 'untold' }] });
    expect(err).toContain('could not be told');
    expect(home.companies.presented()).toEqual([]);
    expect(await home.at(({ vault }) => vault.ids('connection/'))).toHaveLength(1);
  });

  test('forgetting ends, with a receipt that says who could not be told, and leaves no grant', async () => {
    const { code, out } = await home.tell(['forget', '--user', 'Ann', '--yes']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      receipt: {
        finished_at: expect.any(String),
      },
    });
    for (const provider of PROVIDERS)
      expect(out).toMatch(new RegExp(`"provider":"${provider}"[^}]*"outcome":"untold"`));
    expect(home.companies.presented()).toEqual([]);
    expect(await home.at(({ vault }) => vault.ids(''))).toEqual(PROVIDERS.map((id) => `client/${id}`));
  });
});

test('a key that is put back opens everything again, and what was ended for want of it goes on', async () => {
  const backup = `${home.key}.backup`;
  copyFileSync(home.key, backup);
  rmSync(home.key);
  await home.tell(['collect']);
  // The client secrets cannot be opened either; what is asked for without them is the grant itself.
  expect(await home.connections()).toEqual({ oura: UNREADABLE, withings: UNREADABLE });
  copyFileSync(backup, home.key);
  await home.at(refreshDue);
  expect(await home.connections()).toEqual({ oura: ACTIVE, withings: ACTIVE });
  expect(await troubles()).toEqual({});
});

test('a key file that was cut short is told, and the way out of it works', async () => {
  truncateSync(home.key, 10);
  const { code, err } = await home.setSecret('oura');
  expect([code, err]).toEqual([4, expect.stringContaining('vault_key_missing')]);
  expect((await home.tell(['status'])).code).toBe(0);
  rmSync(home.key);
  expect((await home.setSecret('oura')).code).toBe(0);
  expect((await home.connect('oura')).status).toBe(303);
});

test.each([
  ['no row at all', 'nonsense'],
  ['a row without its key', { generation: 1, sealed: { key: '', nonce: '', text: '', tag: '' } }],
])('one damaged record is one provider’s trouble: %s', async (_, damage) => {
  await home.at(async ({ state, vault }) => {
    const [ring] = (await state.list<{ provider: string }>('connection')).filter(
      ({ value }) => value.provider === 'oura',
    );
    await state.put('sealed', `connection/${ring?.id}`, damage);
    await state.put('sealed', 'client/oura', damage);
    expect(await vault.ids('')).toHaveLength(4);
  });
  await home.tell(['collect']);
  expect(await home.connections()).toEqual({ oura: UNREADABLE, withings: ACTIVE });
  expect((await home.connect('withings')).status).toBe(303);
  expect((await home.setSecret('oura')).code).toBe(0);
  expect((await home.connect('oura')).status).toBe(303);
  expect(await home.connections()).toEqual({ oura: ACTIVE, withings: ACTIVE });
  expect(await troubles()).toEqual({});
});
