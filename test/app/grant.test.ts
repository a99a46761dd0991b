import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { dropGrant, grantGeneration, openGrant, readGrant, saveGrant } from '../../app/grant.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { openDesk } from '../support/desk.ts';
import { openVault } from '../support/vault.ts';

const tokens = {
  access: new Secret('the-access-token'),
  refresh: new Secret('the-refresh-token'),
  expiresAt: 1_800_000_000_000,
  scopes: ['weight', 'sleep'],
  fields: { userid: '42' },
};

test('a grant comes back as it was, with the generation and the time it was saved', async () => {
  const { vault } = openDesk().runtime;
  expect(await saveGrant(vault, 'c_1', tokens, { expect: 0, nowMs: 7 })).toEqual({ ok: true, generation: 1 });
  const grant = await readGrant(vault, 'c_1');
  expect(grant).toMatchObject({ generation: 1, savedAtMs: 7 });
  expect(grant?.tokens).toMatchObject({
    expiresAt: 1_800_000_000_000,
    scopes: ['weight', 'sleep'],
    fields: { userid: '42' },
  });
  expect([grant?.tokens.access.reveal(), grant?.tokens.refresh?.reveal()]).toEqual([
    'the-access-token',
    'the-refresh-token',
  ]);
  const bare = { ...tokens, refresh: null, expiresAt: null, scopes: null, fields: {} };
  expect(await saveGrant(vault, 'c_1', bare, { expect: 1 })).toEqual({ ok: true, generation: 2 });
  const second = await readGrant(vault, 'c_1');
  expect(second).toMatchObject({
    savedAtMs: null,
    tokens: { refresh: null, expiresAt: null, scopes: null, fields: {} },
  });
});

test('T9: each connection has its own, kept below connection/', async () => {
  const { vault } = openDesk().runtime;
  await saveGrant(vault, 'c_2', tokens, { expect: 0 });
  await saveGrant(vault, 'c_1', tokens, { expect: 0 });
  expect(await vault.ids('connection/')).toEqual(['connection/c_1', 'connection/c_2']);
  await dropGrant(vault, 'c_1');
  expect(await readGrant(vault, 'c_1')).toBeUndefined();
  expect(await readGrant(vault, 'c_2')).toBeDefined();
});

test.each(['{"access":"the-access-token"}', 'the-access-token', 'null'])(
  'a kept text that is no grant is an error that does not show it: %s',
  async (text) => {
    const { vault } = openDesk().runtime;
    await vault.replace('connection/c_1', text, { expect: 0 });
    const error: unknown = await readGrant(vault, 'c_1').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'grant_unreadable', remedy: expect.stringMatching(/./) });
    expect(inspect(error, { depth: 9 })).not.toContain('the-access-token');
  },
);

test('a grant is there, is not there, or is there and cannot be opened: then it is replaced and dropped by its generation', async () => {
  const { vault, state } = openDesk().runtime;
  expect(await openGrant(vault, 'c_1')).toEqual({ kind: 'none' });
  await saveGrant(vault, 'c_1', tokens, { expect: 0 });
  expect(await openGrant(vault, 'c_1')).toMatchObject({ kind: 'grant', grant: { generation: 1 } });
  // A vault with another key, and a text of another shape.
  const other = openVault(state);
  expect(await openGrant(other, 'c_1')).toEqual({ kind: 'unreadable', generation: 1 });
  await vault.replace('connection/c_2', 'no grant', { expect: 0 });
  expect(await openGrant(vault, 'c_2')).toEqual({ kind: 'unreadable', generation: 1 });
  expect(await saveGrant(other, 'c_1', tokens, { expect: await grantGeneration(other, 'c_1') })).toMatchObject({
    generation: 2,
  });
  expect([await dropGrant(other, 'c_1', { expect: 1 }), await dropGrant(other, 'c_1', { expect: 2 })]).toEqual([
    false,
    true,
  ]);
});

test('a vault that is away is no grant that cannot be opened', async () => {
  const { vault } = openDesk().runtime;
  const away = { ...vault, read: () => Promise.reject(new Error('away')) };
  await expect(openGrant(away, 'c_1')).rejects.toThrow('away');
});
