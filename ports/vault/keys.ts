import { PortError } from '../errors.ts';

/** Where the keys of a vault are kept: asked before every use, because another process may have changed them. */
export interface VaultKeys {
  /** 32 bytes as base64url each, the one to seal with first; more than one only while a change of keys is under way. */
  all(): readonly string[];
  /** Durable when it returns. */
  replace(keys: readonly string[]): void;
}

/** The key to seal with; throws `vault_key_missing`. */
export function newestKey(keys: VaultKeys): string {
  const [newest] = keys.all();
  if (newest !== undefined) return newest;
  throw new PortError('vault_key_missing', 'The vault has no key.', { remedy: 'Put vault.key back from a backup.' });
}
