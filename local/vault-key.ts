import { statSync } from 'node:fs';
import { WellspringError } from '../app/errors.ts';
import type { Ids } from '../ports/ids/ids.ts';
import type { VaultKeys } from '../ports/vault/keys.ts';
import { ensureSecret, readSecret, replaceSecret } from './secret.ts';

/** The keys of the vault in a file of one line each, made when there is none. Throws `vault_key_exposed` when others may read it. */
export function openVaultKeys(file: string, ids: Ids): VaultKeys {
  ensureSecret(file, () => ids.secret(32), ids);
  const all = (): readonly string[] => {
    refuseExposed(file);
    return (readSecret(file) ?? '').split('\n').filter((line) => line !== '');
  };
  all();
  return { all, replace: (keys) => replaceSecret(file, keys.join('\n'), ids) };
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
