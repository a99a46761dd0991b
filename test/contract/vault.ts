import { describe, expect, test } from 'vitest';
import type { Vault } from '../../ports/vault/vault.ts';

/** What every driver of the vault port must do; `additional` registers the driver's own tests in the same group. */
export function vaultContract(name: string, makeVault: () => Vault | Promise<Vault>, additional?: () => void): void {
  describe(`vault: ${name}`, () => {
    test('a text comes back as it was, with generation 1, then 2', async () => {
      const vault = await makeVault();
      const text = '{"a":"Zoë \u2028 \u{1f511}"}';
      expect(await vault.replace('connection/c_1', text, { expect: 0 })).toEqual({ ok: true, generation: 1 });
      expect(await vault.read('connection/c_1')).toEqual({ text, generation: 1 });
      expect(await vault.replace('connection/c_1', '', { expect: 1 })).toEqual({ ok: true, generation: 2 });
      expect(await vault.read('connection/c_1')).toEqual({ text: '', generation: 2 });
    });

    test('what nobody put is undefined, and deleting it is no error', async () => {
      const vault = await makeVault();
      expect(await vault.read('connection/c_1')).toBeUndefined();
      await vault.delete('connection/c_1');
      expect(await vault.ids('')).toEqual([]);
    });

    test('a writer who has seen another generation changes nothing', async () => {
      const vault = await makeVault();
      const conflict = { ok: false, reason: 'conflict' };
      expect(await vault.replace('c', 'a', { expect: 1 })).toEqual(conflict);
      await vault.replace('c', 'a', { expect: 0 });
      expect(await vault.replace('c', 'b', { expect: 0 })).toEqual(conflict);
      expect(await vault.replace('c', 'b', { expect: 2 })).toEqual(conflict);
      expect(await vault.read('c')).toEqual({ text: 'a', generation: 1 });
    });

    test('of 20 writers that have seen the same generation one wins, and its text is kept', async () => {
      const vault = await makeVault();
      await vault.replace('c', 'first', { expect: 0 });
      const writes = Array.from({ length: 20 }, (_, n) => vault.replace('c', `text ${n}`, { expect: 1 }));
      const won = (await Promise.all(writes)).flatMap((result, n) => (result.ok ? [n] : []));
      expect(won).toHaveLength(1);
      expect(await vault.read('c')).toEqual({ text: `text ${won[0]}`, generation: 2 });
    });

    test('50 connections written at once keep their own texts', async () => {
      const vault = await makeVault();
      const ids = Array.from({ length: 50 }, (_, n) => `connection/c_${n}`);
      await Promise.all(ids.map((id) => vault.replace(id, `text of ${id}`, { expect: 0 })));
      for (const id of ids) expect(await vault.read(id)).toEqual({ text: `text of ${id}`, generation: 1 });
    });

    test('a deleted text is gone, a new one is expected at 0 and its generation goes on', async () => {
      const vault = await makeVault();
      await vault.replace('c', 'a', { expect: 0 });
      await vault.replace('c', 'b', { expect: 1 });
      await vault.delete('c');
      expect(await vault.read('c')).toBeUndefined();
      expect(await vault.ids('')).toEqual([]);
      // Who read generation 2 before the deletion must not bring the text back, now or over a new one.
      expect(await vault.replace('c', 'stale', { expect: 2 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await vault.replace('c', 'new', { expect: 0 })).toEqual({ ok: true, generation: 3 });
      expect(await vault.replace('c', 'stale', { expect: 2 })).toEqual({ ok: false, reason: 'conflict' });
      expect(await vault.read('c')).toEqual({ text: 'new', generation: 3 });
    });

    test('the generation is what a writer has to expect: 0, then one more with each text, and 0 after a deletion', async () => {
      const vault = await makeVault();
      expect(await vault.generation('c')).toBe(0);
      await vault.replace('c', 'a', { expect: 0 });
      await vault.replace('c', 'b', { expect: 1 });
      expect([await vault.generation('c'), await vault.generation('other')]).toEqual([2, 0]);
      await vault.delete('c');
      expect(await vault.generation('c')).toBe(0);
    });

    test('a deletion that expects another generation leaves what is there', async () => {
      const vault = await makeVault();
      expect(await vault.delete('c', { expect: 1 })).toBe(true);
      await vault.replace('c', 'a', { expect: 0 });
      await vault.replace('c', 'b', { expect: 1 });
      for (const expected of [0, 1, 3]) expect(await vault.delete('c', { expect: expected })).toBe(false);
      expect(await vault.read('c')).toEqual({ text: 'b', generation: 2 });
      expect(await vault.delete('c', { expect: 2 })).toBe(true);
      expect(await vault.read('c')).toBeUndefined();
    });

    test('ids are listed in ascending order, by exact prefix', async () => {
      const vault = await makeVault();
      for (const id of ['connection/b', 'client/oura', 'connection/a', 'connection%'])
        await vault.replace(id, 'x', { expect: 0 });
      expect(await vault.ids('connection/')).toEqual(['connection/a', 'connection/b']);
      expect(await vault.ids('client/')).toEqual(['client/oura']);
    });

    additional?.();
  });
}
