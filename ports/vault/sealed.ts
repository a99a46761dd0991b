import type { Ids } from '../ids/ids.ts';
import type { State } from '../state/state.ts';
import { newestKey, type VaultKeys } from './keys.ts';
import { generationOf, listRows, readRow, type VaultRow, writeRow } from './rows.ts';
import { open, seal } from './seal.ts';
import type { Vault } from './vault.ts';

export interface SealedOptions {
  readonly state: State;
  readonly keys: VaultKeys;
  /** For nonces: the system's own randomness, never a seeded one, because a nonce that comes twice gives both texts away. */
  readonly ids: Ids;
}

/**
 * A vault of AES-256-GCM rows in the state: each text is bound to its id and generation, each write is one compare-and-swap
 * and on disk when it resolves.
 */
export function createSealedVault({ state, keys, ids }: SealedOptions): Vault {
  /** A change of keys that ended while we wrote has not seen this row: it is sealed again before anybody is told. */
  async function written(row: VaultRow, text: string, key: string): Promise<void> {
    if (keys.all().includes(key) || row.sealed === null) return;
    const again = newestKey(keys);
    const next = await writeRow(state, row, { ...row, sealed: seal(text, row, { key: again, nonce: ids.secret(12) }) });
    if (next !== undefined) await written(next, text, again);
  }

  return {
    async read(id) {
      const row = await readRow(state, id);
      if (row.sealed === null) return undefined;
      return { text: open(row.sealed, row, keys.all()), generation: row.generation };
    },
    generation: async (id) => generationOf(await readRow(state, id)),
    async replace(id, text, { expect }) {
      for (;;) {
        const row = await readRow(state, id);
        if (expect !== generationOf(row)) return { ok: false, reason: 'conflict' };
        const key = newestKey(keys);
        const generation = row.generation + 1;
        const sealed = seal(text, { id, generation }, { key, nonce: ids.secret(12) });
        const next = await writeRow(state, row, { generation, sealed });
        // Not the same row any more: another writer, or only another key. The generation tells.
        if (next === undefined) continue;
        await written(next, text, key);
        return { ok: true, generation };
      }
    },
    async delete(id, options) {
      for (;;) {
        const row = await readRow(state, id);
        if (row.sealed === null) return true;
        if (options !== undefined && options.expect !== row.generation) return false;
        if ((await writeRow(state, row, { generation: row.generation, sealed: null })) !== undefined) return true;
      }
    },
    ids: (prefix) => listRows(state, prefix),
  };
}
