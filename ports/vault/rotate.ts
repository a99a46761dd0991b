import { PortError } from '../errors.ts';
import { newestKey } from './keys.ts';
import { listRows, readRow, writeRow } from './rows.ts';
import { keyId, open, seal } from './seal.ts';
import type { SealedOptions } from './sealed.ts';

const LEASE = 'vault-key';
const TTL_MS = 60_000;

/**
 * Seals every text with a new key and then gives the old one up; answers how many were sealed again. Cut short at any moment everything
 * stays readable, and the next call finishes with the key the first one made. Throws `vault_busy` while another process does it.
 */
export async function rotateVaultKey({ state, keys, ids }: SealedOptions): Promise<number> {
  const held = await state.acquire(LEASE, { ttlMs: TTL_MS });
  if (!held.ok) throw busy();
  try {
    const current = keys.all();
    if (current.length === 1) keys.replace([ids.secret(32), ...current]);
    const newest = newestKey(keys);
    let count = 0;
    for (const id of await listRows(state)) {
      // Whoever lost the lease must not give up a key that another one still needs.
      if (!(await held.lease.renew())) throw busy();
      if (await sealAgain({ state, keys, ids }, id, newest)) count += 1;
    }
    keys.replace([newest]);
    return count;
  } finally {
    await held.lease.release();
  }
}

/** False when it was sealed with that key already, or is gone. */
async function sealAgain({ state, keys, ids }: SealedOptions, id: string, key: string): Promise<boolean> {
  for (;;) {
    const row = await readRow(state, id);
    if (row.sealed === null || row.sealed.key === keyId(key)) return false;
    const text = opened(row.sealed, row, keys.all());
    if (text === undefined) return false;
    const sealed = seal(text, row, { key, nonce: ids.secret(12) });
    if ((await writeRow(state, row, { generation: row.generation, sealed })) !== undefined) return true;
  }
}

/** Undefined for a text no key opens: it stays as it is and keeps nobody from changing the key of the others. */
function opened(...sealed: Parameters<typeof open>): string | undefined {
  try {
    return open(...sealed);
  } catch (error) {
    if (error instanceof PortError && error.code === 'vault_unreadable') return undefined;
    throw error;
  }
}

function busy(): PortError {
  return new PortError('vault_busy', 'Another process changes the key of the vault.', {
    remedy: 'Try again when it has finished.',
  });
}
