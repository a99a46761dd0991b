import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { dropGrant, readGrant, saveGrant } from '../../app/grant.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { openDesk } from '../support/desk.ts';

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
