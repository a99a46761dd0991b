import { statSync } from 'node:fs';
import { WellspringError } from '../app/errors.ts';
import type { Ids } from '../ports/ids/ids.ts';
import type { VaultKeys } from '../ports/vault/keys.ts';
import { ensureSecret, readSecret, replaceSecret } from './secret.ts';

/**
 * The keys of the vault in a file of one line each, made when there is none. Throws `vault_key_exposed` when others may read it,
 * `vault_key_unusable` when it cannot be read.
 */
export function openVaultKeys(file: string, ids: Ids): VaultKeys {
  if (readable(file, () => readSecret(file)) === undefined) ensureSecret(file, () => ids.secret(32), ids);
  const all = (): readonly string[] => {
    const text = readable(file, () => readSecret(file)) ?? '';
    refuseExposed(file);
    return text.split('\n').filter((line) => line !== '');
  };
  all();
  return { all, replace: (keys) => replaceSecret(file, keys.join('\n'), ids) };
}

/** A file that is there and cannot be read is no lost key: nothing that was sealed with it is given up. */
function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new WellspringError({
      code: 'vault_key_unusable',
      message: 'The file with the key of the vault cannot be read.',
      detail: file,
      remedy: `Let ${file} be a file that this user may read (chmod 600), or put it back from a backup.`,
      exit: 2,
      cause,
    });
  }
}

/** Windows tells no modes of others: every file looks readable there. */
function refuseExposed(file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new WellspringError({
    code: 'vault_key_exposed',
    message: 'The key of the vault can be read by other users of this machine.',
    detail: file,
    remedy: `chmod 600 ${file}; when somebody may have read it, connect the providers again.`,
    exit: 2,
  });
}
