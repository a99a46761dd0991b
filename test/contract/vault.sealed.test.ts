import { inspect } from 'node:util';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import type { State } from '../../ports/state/state.ts';
import { keyId, open as unseal, sealedText } from '../../ports/vault/seal.ts';
import { createSealedVault } from '../../ports/vault/sealed.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { memoryKeys } from '../support/vault.ts';
import { vaultContract } from './vault.ts';

function openState(file = join(temporaryDirectory(), 'state.db')): State {
  const state = createLibsqlState({ file, clock: createFixedClock(0) });
  onTestFinished(() => state.close());
  return state;
}

function open() {
  const state = openState();
  const keys = memoryKeys();
  return { state, keys, vault: createSealedVault({ state, keys, ids: createRandomIds() }) };
}

const TEXT = 'a text that must not lie about';
const unreadable = expect.objectContaining({ code: 'vault_unreadable', remedy: expect.stringMatching(/./) });

vaultContract(
  'sealed',
  () => open().vault,
  () => {
    test('what was put is there after closing and opening', async () => {
      const file = join(temporaryDirectory(), 'state.db');
      const keys = memoryKeys();
      const first = openState(file);
      await createSealedVault({ state: first, keys, ids: createRandomIds() }).replace('c', TEXT, { expect: 0 });
      await first.close();
      const vault = createSealedVault({ state: openState(file), keys, ids: createRandomIds() });
      expect(await vault.read('c')).toEqual({ text: TEXT, generation: 1 });
    });

    test('a row with any of its letters changed is unreadable, and never another text', async () => {
      const { state, vault } = open();
      await vault.replace('c', TEXT, { expect: 0 });
      const row = (await state.get('sealed', 'c'))?.value;
      const text = JSON.stringify(row);
      const letters = [...text.matchAll(/[A-Za-z0-9_-]/g)].map(({ index }) => index);
      // Key id 12, nonce 16, text 40 (30 bytes) and tag 22 letters, beside the names.
      expect(letters.length).toBeGreaterThan(12 + 16 + 40 + 22);
      let refused = 0;
      for (const at of letters) {
        for (const bit of [1, 2, 4, 8, 16, 32]) {
          const changed = text.slice(0, at) + String.fromCodePoint(text.charCodeAt(at) ^ bit) + text.slice(at + 1);
          if (!isJson(changed)) continue;
          await state.put('sealed', 'c', JSON.parse(changed));
          await expect(vault.read('c'), `letter ${at}, bit ${bit}`).rejects.toThrow(unreadable);
          refused += 1;
        }
      }
      expect(refused).toBeGreaterThan(400);
    });

    test('a row moved to another id, or given another generation, is unreadable', async () => {
      const { state, vault } = open();
      await vault.replace('connection/a', TEXT, { expect: 0 });
      const row = sealedRow((await state.get('sealed', 'connection/a'))?.value);
      await state.put('sealed', 'connection/b', row);
      await expect(vault.read('connection/b')).rejects.toThrow(unreadable);
      await state.put('sealed', 'connection/a', { ...row, generation: 2 });
      await expect(vault.read('connection/a')).rejects.toThrow(unreadable);
    });

    test('with another key nothing can be read, and the error tells nothing', async () => {
      const { state, vault } = open();
      await vault.replace('c', TEXT, { expect: 0 });
      const other = createSealedVault({ state, keys: memoryKeys(), ids: createRandomIds() });
      const error: unknown = await other.read('c').catch((thrown: unknown) => thrown);
      expect(error).toEqual(unreadable);
      expect(inspect(error, { depth: 9 })).not.toContain(TEXT);
    });

    test('what no key opens any more has its generation all the same, and is replaced and deleted by it', async () => {
      const { state, vault } = open();
      for (const id of ['a', 'b']) await vault.replace(id, TEXT, { expect: 0 });
      const other = createSealedVault({ state, keys: memoryKeys(), ids: createRandomIds() });
      expect(await other.generation('a')).toBe(1);
      expect(await other.replace('a', 'anew', { expect: 0 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await other.replace('a', 'anew', { expect: 1 })).toEqual({ ok: true, generation: 2 });
      expect(await other.read('a')).toEqual({ text: 'anew', generation: 2 });
      expect([await other.delete('b', { expect: 2 }), await other.delete('b', { expect: 1 })]).toEqual([false, true]);
      expect(await other.ids('')).toEqual(['a']);
    });

    test.each([['nonsense'], [{}], [{ generation: 'two', sealed: 7 }], [null]])(
      'a row that became %j is a text nobody opens, and what replaces it has a generation that never was',
      async (damage) => {
        const { state, vault } = open();
        for (let n = 0; n < 3; n += 1) await vault.replace('c', `text ${n}`, { expect: n });
        await state.put('sealed', 'c', damage);
        await expect(vault.read('c')).rejects.toThrow(unreadable);
        expect(await vault.ids('')).toEqual(['c']);
        const expected = await vault.generation('c');
        const replaced = await vault.replace('c', TEXT, { expect: expected });
        expect(replaced.ok && replaced.generation > 3).toBe(true);
        expect(await vault.read('c')).toMatchObject({ text: TEXT });
        // Who has seen what was there before the damage must not come through.
        for (const seen of [1, 2, 3]) expect((await vault.replace('c', 'stale', { expect: seen })).ok).toBe(false);
      },
    );

    test.each(['', 'too-short', `${'A'.repeat(43)}extra`])('a key of another length seals nothing: %j', async (key) => {
      const keys = { all: () => [key], replace: () => undefined };
      const vault = createSealedVault({ state: openState(), keys, ids: createRandomIds() });
      const refused = { code: 'vault_key_missing', remedy: expect.stringContaining('remove it') };
      await expect(vault.replace('c', TEXT, { expect: 0 })).rejects.toMatchObject(refused);
    });

    test('a key whose name is forged opens nothing', async () => {
      const { state, keys, vault } = open();
      await vault.replace('c', TEXT, { expect: 0 });
      const row = sealedRow((await state.get('sealed', 'c'))?.value);
      const [other] = memoryKeys().all();
      if (other === undefined) throw new RangeError('no key');
      const forged = { ...row.sealed, key: keyId(other) };
      expect(() => unseal(forged, { id: 'c', generation: 1 }, [...keys.all(), other])).toThrow(unreadable);
    });

    test('neither the text nor the key lies in the database, and no nonce comes twice', async () => {
      const { state, keys, vault } = open();
      for (let n = 0; n < 200; n += 1) await vault.replace(`c_${n}`, TEXT, { expect: 0 });
      const rows = await state.list<unknown>('sealed');
      const all = JSON.stringify(rows);
      for (const secret of [TEXT, Buffer.from(TEXT).toString('base64url'), ...keys.all()])
        expect(all).not.toContain(secret);
      expect(new Set(rows.map(({ value }) => sealedRow(value).sealed.nonce)).size).toBe(200);
      expect(new Set(rows.map(({ value }) => sealedRow(value).sealed.text)).size).toBe(200);
    });

    test('after a deletion nothing of the text is left in the row', async () => {
      const { state, vault } = open();
      await vault.replace('c', TEXT, { expect: 0 });
      await vault.delete('c');
      expect((await state.get('sealed', 'c'))?.value).toEqual({ generation: 1, sealed: null });
    });
  },
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function sealedRow(value: unknown) {
  if (typeof value !== 'object' || value === null || !('sealed' in value)) throw new TypeError('no row');
  return { generation: 1, sealed: sealedText.parse(value.sealed) };
}
