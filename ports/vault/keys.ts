import { PortError } from '../errors.ts';

/** Where the keys of a vault are kept: asked before every use, because another process may have changed them. */
export interface VaultKeys {
  /** 32 bytes as base64url each, the one to seal with first; more than one only while a change of keys is under way. */
  all(): readonly string[];
  /** Durable when it returns. */
  replace(keys: readonly string[]): void;
}

const KEY_BYTES = 32;

/** The key to seal with, the first that is one: a file may be cut short. Throws `vault_key_missing`. */
export function newestKey(keys: VaultKeys): string {
  const newest = keys.all().find((key) => Buffer.from(key, 'base64url').length === KEY_BYTES);
  if (newest !== undefined) return newest;
  throw new PortError('vault_key_missing', 'The file vault.key holds no key.', {
    remedy: 'Put vault.key back from a backup. Without one remove it, set the client secrets again and connect again.',
  });
}
